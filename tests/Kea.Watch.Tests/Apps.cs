namespace Kea.Watch.Tests;

/// <summary>Programs that the tests start from and edit.</summary>
internal static class Apps
{
    public const string Uses = "use Clock\nuse IO\nuse Live\nuse Step.{Continue, Halt, Step}\n";

    /// <summary>A loop over a number that prints what an expression of <c>n: Int</c> says, with declarations of its own.</summary>
    public static string Counting(string shown, string declarations = "", string next = "n + 1") => $$"""
        {{Uses}}
        {{declarations}}

        fn shown(n: Int) -> String
          {{shown}}

        fn step(n: Int) -[IO, Clock]> Step Int
          IO.stdout("{shown(n)}\n")
          Clock.sleep(5)
          Continue({{next}})

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop(0, step)
          ()

        """;

    /// <summary>A loop over a struct: its fields, the initial value, what a turn prints and the next value, in terms of <c>s</c>.</summary>
    public static string Stateful(string fields, string initial, string shown, string next, string more = "") => $$"""
        {{Uses}}
        struct State
        {{Indented(fields)}}

        {{more}}

        fn step(s: State) -[IO, Clock]> Step State
          IO.stdout("{{shown}}\n")
          Clock.sleep(5)
          Continue({{next}})

        fn main() -[IO, Clock, Live]> ()
          let _ = Live.loop({{initial}}, step)
          ()

        """;

    private static string Indented(string lines) => string.Join('\n', lines.Split('\n').Select(l => "  " + l));
}
