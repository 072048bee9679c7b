// SPDX-FileCopyrightText: Terrarium contributors
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// WIT texts of our own that use every construct of the language.
enum WITFixture: String, CaseIterable {
    case everything
    case keywords

    var text: String {
        switch self {
        case .everything: Self.everythingText
        case .keywords: Self.keywordsText
        }
    }

    /// Every construct within one file.
    private static let everythingText = #"""
        /// A package with everything in it.
        package terrarium:everything@1.2.3-rc.1+build.5;

        use terrarium:other/shapes@0.1.0 as shape-things;
        use terrarium:other/plain@0.1.0;

        // Not documentation.

        /// Types of every kind.
        ///
        ///   With an indented line.
        interface types {
          type a-bool = bool;
          type a-u8 = u8;
          type a-u16 = u16;
          type a-u32 = u32;
          type a-u64 = u64;
          type a-s8 = s8;
          type a-s16 = s16;
          type a-s32 = s32;
          type a-s64 = s64;
          type a-f32 = f32;
          type a-f64 = f64;
          type a-char = char;
          type a-string = string;
          type an-error-context = error-context;
          type a-list = list<a-record>;
          type an-array = list<u8, 16>;
          type a-map = map<string, list<a-record>>;
          type a-tuple = tuple<u8, string, option<a-enum>>;
          type one-tuple = tuple<u8,>;
          type an-option = option<option<u8>>;
          type result-none = result;
          type result-ok = result<u8>;
          type result-error = result<_, string>;
          type result-both = result<u8, string>;
          type a-stream = stream<u8>;
          type bare-stream = stream;
          type a-future = future<result<u8, string>>;
          type bare-future = future;

          /** A record
            * with a block comment.
            */
          record a-record {
            /// The first field.
            first: u32,
            %second: a-variant,
            %record: list<list<string>>
          }

          /// Cases with and without payloads.
          variant a-variant {
            none,
            /// One.
            one(u8),
            many(list<a-enum>),
          }

          enum a-enum { red, green, LOUD, loud-and-QUIET2, }

          /// Bits.
          flags a-flags {
            /// To read.
            read, write,
            %flags
          }
        }

        interface resources {
          use types.{a-record, a-variant as kind};
          use shape-things.{point};
          use types.{a-enum};

          /// Something with a lifetime.
          resource blob {
            /// Makes one.
            constructor(bytes: list<u8>);
            /// Writes.
            write: func(bytes: list<u8>) -> result<u32, kind>;
            read-all: async func() -> stream<u8>;
            merge: static func(lhs: borrow<blob>, rhs: borrow<blob>) -> blob;
            load: static async func(name: string) -> result<own<blob>, string>;
            %constructor: func();
          }
          resource empty;
          resource braces { }
          resource fallible {
            constructor(x: u32) -> result<fallible, string>;
          }
          type blob-handle = own<blob>;
          type blob-alias = blob;
          %resource: func(self: borrow<blob-alias>, handle: blob-handle, at: point) -> option<blob-alias>;
          do-it: async func(r: a-record, e: a-enum);
          nothing: func();
        }

        interface gated {
          @since(version = 1.0.0)
          since: func();
          @since(version = 1.0.0)
          @deprecated(version = 1.1.0)
          old: func();
          @external-id("caf\u{e9}: \"quoted\" \\ \t")
          named: func();
          /// Documentation before a gate.
          @since(version = 1.2.0) @external-id("both")
          type t = u8;
          @since(version = 1.2.0)
          use types.{a-map};
        }

        /// A world.
        world base {
          import plain;
          import terrarium:other/shapes@0.1.0;
          import log: func(message: string);
          import inline: interface {
            use types.{a-record};
            /// Inside.
            run: func(r: a-record) -> string;
          }
          import second: plain;
          export third: terrarium:other/plain@0.1.0;
          use types.{a-record as rec};
          record local { r: rec }
          resource thing {
            constructor();
            poke: func();
          }
          export run: async func(l: local) -> result;
          export resources;
          export answers: interface { answer: func() -> u32; }
        }

        world derived {
          include base with { log as write-log, rec as the-record }
          include terrarium:other/service@0.1.0;
          @since(version = 1.0.0)
          export extra: func();
        }

        world empty { }

        package terrarium:other@0.1.0 {
          interface shapes {
            record point { x: s32, y: s32 }
          }
          /// Nothing special.
          interface plain {
            use shapes.{point as p};
            move-to: func(to: p);
          }
          world service {
            export plain;
          }
        }

        package terrarium:third {
          interface alone { f: func(); }
        }
        """#

    /// The words that must be escaped, as the names of everything.
    private static let keywordsText: String = {
        let words = [
            "as", "async", "bool", "borrow", "char", "constructor", "enum", "error-context", "export", "f32", "f64",
            "flags", "from", "func", "future", "import", "include", "interface", "list", "map", "option", "own",
            "package", "record", "resource", "result", "s16", "s32", "s64", "s8", "static", "stream", "string",
            "tuple", "type", "u16", "u32", "u64", "u8", "use", "variant", "with", "world",
        ]
        let interfaces = words.map { word in
            """
            interface %\(word) {
              record %\(word) { %\(word): u8 }
              %f: func(%\(word): %\(word)) -> %\(word);
              resource r { %\(word): func(); }
              enum e { %\(word), %other }
            }
            """
        }
        return "package %package:%world;\n" + interfaces.joined(separator: "\n")
    }()
}
