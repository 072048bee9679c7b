# SPDX-FileCopyrightText: Terrarium contributors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The tags that C++ exceptions and longjmp are thrown with. In position-independent code, LLVM leaves them to the loader of
# the module; nothing shares them here, so each extension module has tags of its own.

	.globl	__cpp_exception
	.hidden	__cpp_exception
	.tagtype	__cpp_exception i32
__cpp_exception:

	.globl	__c_longjmp
	.hidden	__c_longjmp
	.tagtype	__c_longjmp i32
__c_longjmp:
