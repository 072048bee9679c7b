# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a sandbox knows of TLS, of which it speaks nothing: settings, cipher suites and certificates."""
