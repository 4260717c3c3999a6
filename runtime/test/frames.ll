; Functions as the compiler writes them: named after their module, the context first, clean-ups
; under the runtime's personality.

declare i32 @kea_personality(...)
declare void @kea_drop(ptr, ptr)
declare void @kea_free(ptr, ptr)
declare void @kea_panic_overflow(ptr, ptr) noreturn
declare void @note(ptr, i64)

; Holds `object` while it calls `f`; the pad drops it.
define i64 @"Test.hold"(ptr %ctx, ptr %object, ptr %f) personality ptr @kea_personality {
  %r = invoke i64 %f(ptr %ctx) to label %normal unwind label %pad
normal:
  call void @kea_drop(ptr %ctx, ptr %object)
  ret i64 %r
pad:
  %e = landingpad { ptr, i32 } cleanup
  call void @note(ptr %ctx, i64 1)
  call void @kea_drop(ptr %ctx, ptr %object)
  resume { ptr, i32 } %e
}

; Holds an object, and a token if the first call has returned, by a record while it calls f, then g.
@held = private constant [2 x { i32, i32 }] [{ i32, i32 } { i32 0, i32 1 }, { i32, i32 } { i32 1, i32 -2147483648 }]
define i64 @"Test.record"(ptr %ctx, ptr %object, ptr %token, ptr %f, ptr %g) uwtable {
  %record = alloca [5 x ptr], align 8
  %held = getelementptr i8, ptr %record, i64 8
  store ptr @held, ptr %held
  %frames = getelementptr i8, ptr %ctx, i64 56
  %outer = load ptr, ptr %frames
  %previous = getelementptr i8, ptr %record, i64 16
  store ptr %outer, ptr %previous
  store ptr %record, ptr %frames
  %word0 = getelementptr i8, ptr %record, i64 24
  store ptr %token, ptr %word0
  %word1 = getelementptr i8, ptr %record, i64 32
  store ptr %object, ptr %word1
  store i32 2, ptr %record
  %a = call i64 %f(ptr %ctx)
  call void @kea_free(ptr %ctx, ptr %token)
  store i32 1, ptr %record
  %b = call i64 %g(ptr %ctx)
  call void @kea_drop(ptr %ctx, ptr %object)
  store ptr %outer, ptr %frames
  %sum = add i64 %a, %b
  ret i64 %sum
}

; Two invokes with pads of their own; only the second one's may run.
define i64 @"Test.two"(ptr %ctx, ptr %f, ptr %g) personality ptr @kea_personality {
  %a = invoke i64 %f(ptr %ctx) to label %next unwind label %pad1
next:
  %b = invoke i64 %g(ptr %ctx) to label %normal unwind label %pad2
normal:
  %sum = add i64 %a, %b
  ret i64 %sum
pad1:
  %e1 = landingpad { ptr, i32 } cleanup
  call void @note(ptr %ctx, i64 10)
  resume { ptr, i32 } %e1
pad2:
  %e2 = landingpad { ptr, i32 } cleanup
  call void @note(ptr %ctx, i64 20)
  resume { ptr, i32 } %e2
}

; A call without a pad in a function that has one elsewhere.
define i64 @"Test.bare"(ptr %ctx, ptr %f) personality ptr @kea_personality {
  %a = call i64 %f(ptr %ctx)
  %b = invoke i64 %f(ptr %ctx) to label %normal unwind label %pad
normal:
  ret i64 %b
pad:
  %e = landingpad { ptr, i32 } cleanup
  call void @note(ptr %ctx, i64 30)
  resume { ptr, i32 } %e
}

; n frames deep, each with a clean-up, then f.
define i64 @"Test.deep"(ptr %ctx, i64 %n, ptr %f) personality ptr @kea_personality {
  %done = icmp eq i64 %n, 0
  br i1 %done, label %last, label %more
last:
  %r = tail call i64 %f(ptr %ctx)
  ret i64 %r
more:
  %m = sub i64 %n, 1
  %s = invoke i64 @"Test.deep"(ptr %ctx, i64 %m, ptr %f) to label %normal unwind label %pad
normal:
  %t = add i64 %s, 1
  ret i64 %t
pad:
  %e = landingpad { ptr, i32 } cleanup
  call void @note(ptr %ctx, i64 0)
  resume { ptr, i32 } %e
}

; Never ends; a frame of 48 bytes or so.
define i64 @"Test.endless"(ptr %ctx, i64 %n) {
  %m = add i64 %n, 1
  %r = call i64 @"Test.endless"(ptr %ctx, i64 %m)
  %s = call i64 @frames_bottom(i64 %r, i64 %n)
  ret i64 %s
}

define i64 @frames_bottom(i64 %a, i64 %b) noinline optnone {
  %r = xor i64 %a, %b
  ret i64 %r
}

; As deep as asked, then back: the frame keeps n.
define i64 @"Test.count"(ptr %ctx, i64 %n) noinline {
  %done = icmp eq i64 %n, 0
  br i1 %done, label %last, label %more
last:
  ret i64 0
more:
  %m = sub i64 %n, 1
  %r = call i64 @"Test.count"(ptr %ctx, i64 %m)
  %s = call i64 @frames_bottom(i64 %r, i64 %n)
  ret i64 %s
}

@site_file = private constant [9 x i8] c"test.kea\00"
@site_function = private constant [10 x i8] c"Test.fail\00"
@site = private constant { ptr, ptr, i32, i32 } { ptr @site_file, ptr @site_function, i32 12, i32 5 }

define i64 @"Test.fail"(ptr %ctx) {
  call void @kea_panic_overflow(ptr %ctx, ptr @site)
  unreachable
}

define i64 @"Test.fine"(ptr %ctx) {
  ret i64 3
}

; Reads where nothing is. A leaf that cannot unwind has unwind tables only if it asks for them.
define i64 @"Test.load"(ptr %ctx) uwtable {
  %at = inttoptr i64 16 to ptr
  %r = load volatile i64, ptr %at
  ret i64 %r
}

define void @"Test.end"() {
  ret void
}
