using FsCheck;
using FsCheck.Fluent;
using Kea.Repl.Editing;

namespace Kea.Repl.Tests.Editing;

/// <summary>An editor on a terminal in memory: what is read, and what stands on the screen.</summary>
public sealed class LineEditorTests
{
    private sealed class Kea : IInputLanguage
    {
        public bool GoesOn(string text, bool whole) => whole ? InputText.IsIncomplete(text) : InputText.MayGoOn(text + "\n");
        public Completion Complete(string text, int cursor)
        {
            var start = cursor;
            while (start > 0 && char.IsAsciiLetter(text[start - 1])) start--;
            return Completion.Of(text, start, cursor, ["print", "println", "other"]);
        }
        public Look[] LooksOf(string text) => Looks.Of(text);
    }

    private static (LineRead Read, string Screen) Type(int width, params string[] keys)
    {
        var terminal = new VirtualTerminal(width);
        terminal.SendEach(keys);
        return (new LineEditor(terminal, new History(null), new Kea(), hasColors: true).Read("kea> ", ".... "), terminal.Text);
    }

    private static string? TextOf(LineRead read) => read is LineRead.Submitted(var text) ? text : null;

    [Test]
    public void Reads_a_line() => Assert.That(Type(40, "1", "+", "2", "\r"), Is.EqualTo((new LineRead.Submitted("1+2"), "kea> 1+2")));

    [Test]
    public void Goes_on_while_lines_must_follow_and_indents_what_is_typed_by_hand()
    {
        var (read, screen) = Type(40, "fn f(n: Int) -> Int", "\r", "case n", "\r", "1 -> 2", "\r", "_ -> 3", "\r", "\r");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(TextOf(read), Is.EqualTo("fn f(n: Int) -> Int\n  case n\n    1 -> 2\n    _ -> 3"));
            Assert.That(screen, Is.EqualTo("kea> fn f(n: Int) -> Int\n....   case n\n....     1 -> 2\n....     _ -> 3\n...."));
        }
    }

    [Test]
    public void A_paste_is_one_input_with_its_empty_lines()
    {
        var text = "fn f(n: Int) -> Int\n  n\n\nfn g(n: Int) -> Int\n  f(n)";
        Assert.That(TextOf(Type(40, $"\u001b[200~{text}\u001b[201~", "\r").Read), Is.EqualTo(text));
    }

    [Test]
    public void Lines_that_come_in_one_go_bring_their_own_indentation() =>
        Assert.That(TextOf(Type(40, "fn f(n: Int) -> Int\r  n\r\r").Read), Is.EqualTo("fn f(n: Int) -> Int\n  n"));

    [Test]
    public void Edits_in_the_middle_of_several_lines() =>
        Assert.That(TextOf(Type(40, "[1,", "\r", "3]", "\u001b[A", "\u0005", "2,", "\u001b[B", "\r").Read), Is.EqualTo("[1,2,\n3]"));

    [Test]
    public void Ctrl_C_discards_and_Ctrl_D_ends_only_where_nothing_is()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Type(40, "ab", "\u0003"), Is.EqualTo(((LineRead)new LineRead.Discarded(), "kea> ab^C")));
            Assert.That(Type(40, "\u0004").Read, Is.InstanceOf<LineRead.Ended>());
            Assert.That(TextOf(Type(40, "ab", "\u0001", "\u0004", "\r").Read), Is.EqualTo("b"));
        }
    }

    [Test]
    public void Completes_what_all_have_in_common_then_lists_them()
    {
        var (read, screen) = Type(40, "pr", "\t", "\t", "(", "\r", ")", "\r");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(TextOf(read), Is.EqualTo("print(\n)"));
            Assert.That(screen, Does.StartWith("print    println\nkea> print(\n.... )"));
        }
    }

    [Test]
    public void The_history_is_within_reach_also_by_searching()
    {
        var terminal = new VirtualTerminal(60);
        var editor = new LineEditor(terminal, new History(null), new Kea(), hasColors: false);
        terminal.SendEach(["let apples = 3", "\r", "let pears = 4", "\r", "\u0012", "app", "\r", "\u001b[A", "\u001b[A", "\u001b[A", "\r"]);
        Assert.That(Enumerable.Range(0, 4).Select(_ => TextOf(editor.Read("kea> ", ".... "))),
            Is.EqualTo((string[])["let apples = 3", "let pears = 4", "let apples = 3", "let apples = 3"]));
    }

    [Test]
    public void What_is_printed_meanwhile_stands_above_the_input()
    {
        LineEditor? editor = null;
        var terminal = new VirtualTerminal(20) { Idle = () => editor!.Print("tick 1\ntick 2\n") };
        editor = new LineEditor(terminal, new History(null), new Kea(), hasColors: true);
        terminal.SendEach(["\"a long line that wraps", "\u001b[D"]);
        editor.Read("kea> ", ".... ");
        Assert.That(terminal.Text, Is.EqualTo("tick 1\ntick 2\nkea> \"a long line th\nat wraps"));
    }

    /// <summary>Law: however an input came about, the screen shows it as if it had been drawn once, with the cursor in its place.</summary>
    [Test]
    public void The_screen_always_shows_the_input() => Prop.ForAll<byte[], byte>((keys, size) =>
    {
        string[] sent = ["a", "b ", "日", "e\u0301", "\"", "[", "1", "\u001b\r", "\u001b[A", "\u001b[B", "\u001b[C", "\u001b[D", "\u007f", "\u000b", "\u0001", "\u0005", "\u001bb", "\u0017", "\u0019"];
        var typed = keys.Select(k => sent[k % sent.Length]).ToArray();
        var width = 10 + size % 15;
        var shown = ("", 0, 0);
        VirtualTerminal? terminal = null;
        terminal = new VirtualTerminal(width) { Idle = () => shown = (terminal!.Text, terminal.Row, terminal.Column) };
        terminal.SendEach(typed);
        new LineEditor(terminal, new History(null), new Kea(), hasColors: true).Read("kea> ", ".... ");

        var state = EditorState.Empty(0);
        foreach (var key in typed.SelectMany(t => new KeyDecoder().Take(System.Text.Encoding.UTF8.GetBytes(t))))
            state = key is Key.Typed(var text) ? state.Insert(text) : state.Press(((Key.Pressed)key).Stroke, []);
        var screen = Screen.Of("kea> ", ".... ", state.Text, state.Cursor, [], width).Within(terminal.Height);
        var drawn = new VirtualTerminal(width);
        drawn.Write(string.Join("\r\n", screen.Rows.Select(r => r.Text)));
        return shown == (drawn.Text, screen.Row, screen.Column);
    }).QuickCheckThrowOnFailure();
}
