using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Kea.Repl.Editing;

namespace Kea.Repl.Tests.Editing;

/// <summary>
/// Laws of editing. After any keys: the cursor lies between two characters as people see them; plain ASCII behaves like a list
/// with a position; what was cut can be put back; the history stays, and so does a draft that was left for it.
/// </summary>
public sealed class EditorStateProperties
{
    private static readonly ImmutableList<string> History = ["1 + 1", "fn f(n: Int) -> Int\n  n", "日本 = \"e\u0301\""];
    private static readonly string[] Texts = ["a", "b", " ", "\n", "日", "e\u0301", "\u0301", "👩‍👩‍👧", "\"", "."];
    private static readonly Stroke[] Strokes = [.. Enum.GetValues<Stroke>().Where(s => s != Stroke.Search)];

    /// <summary>A number below the texts types one; the others are keys.</summary>
    private static EditorState Play(IEnumerable<byte> keys, EditorState? from = null)
    {
        var state = from ?? EditorState.Empty(History.Count);
        foreach (var key in keys) state = key % 2 == 0 ? state.Insert(Texts[key / 2 % Texts.Length]) : state.Press(Strokes[key / 2 % Strokes.Length], History);
        return state;
    }

    private static void Holds(Func<EditorState, bool> law) => Prop.ForAll<byte[]>(keys => law(Play(keys))).QuickCheckThrowOnFailure();

    [Test]
    public void The_cursor_lies_on_a_boundary() => Holds(s => s.Cursor >= 0 && s.Cursor <= s.Text.Length && TextElements.Boundary(s.Text, s.Cursor) == s.Cursor);

    /// <summary>Unless it has become one character with what stood behind it.</summary>
    [Test]
    public void What_is_typed_is_taken_away_by_backspace() => Holds(s =>
        s.Insert("x") is var typed && (typed.Cursor != s.Cursor + 1 || (typed.Press(Stroke.Backspace, History) is var after && after.Text == s.Text && after.Cursor == s.Cursor)));

    [Test]
    public void Left_undoes_right() => Holds(s => s.Cursor == s.Text.Length || s.Press(Stroke.Right, History).Press(Stroke.Left, History).Cursor == s.Cursor);

    /// <summary>Unless what stood around it has become one character: an accent may have come to stand behind a letter.</summary>
    [TestCase(Stroke.KillToEnd)]
    [TestCase(Stroke.KillToStart)]
    [TestCase(Stroke.KillWordBefore)]
    [TestCase(Stroke.KillWordAfter)]
    public void What_was_cut_can_be_put_back(Stroke kill) => Holds(s =>
    {
        var cut = s.Press(kill, History);
        if (cut.Text == s.Text) return true;
        var start = kill is Stroke.KillToEnd or Stroke.KillWordAfter ? s.Cursor : s.Cursor - cut.Cut.Length;
        return cut.Text.Insert(start, cut.Cut) == s.Text && (TextElements.Boundary(cut.Text, start) != start || cut.Insert(cut.Cut).Text == s.Text);
    });

    [Test]
    public void Moving_changes_no_text() => Holds(s => ((Stroke[])[Stroke.Left, Stroke.Right, Stroke.WordLeft, Stroke.WordRight, Stroke.Home, Stroke.End]).All(m => s.Press(m, History).Text == s.Text));

    [Test]
    public void Home_and_end_stay_in_the_line() => Holds(s =>
        !s.Text[s.Press(Stroke.Home, History).Cursor..s.Press(Stroke.End, History).Cursor].Contains('\n', StringComparison.Ordinal));

    [Test]
    public void A_draft_is_there_again_after_a_look_at_the_history() => Prop.ForAll<byte[], byte>((keys, count) =>
    {
        var draft = Play(keys.Where(k => k % 2 == 0));
        var state = draft;
        for (var i = 0; i < count % 12; i++) state = state.Press(Stroke.Up, History);
        for (var i = 0; i < 60; i++) state = state.Press(Stroke.Down, History);
        return state.Text == draft.Text && state.At == History.Count;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Ascii_behaves_like_a_list_with_a_position() => Prop.ForAll<byte[]>(keys =>
    {
        var (state, model, at) = (EditorState.Empty(0), new List<char>(), 0);
        foreach (var key in keys)
        {
            switch (key % 6)
            {
                case 0: state = state.Press(Stroke.Left, []); at = Math.Max(0, at - 1); break;
                case 1: state = state.Press(Stroke.Right, []); at = Math.Min(model.Count, at + 1); break;
                case 2:
                    state = state.Press(Stroke.Backspace, []);
                    if (at > 0) model.RemoveAt(--at);
                    break;
                case 3:
                    state = state.Press(Stroke.Delete, []);
                    if (at < model.Count) model.RemoveAt(at);
                    break;
                default:
                    var c = key % 11 == 0 ? '\n' : (char)('a' + key % 26);
                    state = state.Insert(c.ToString());
                    model.Insert(at++, c);
                    break;
            }
        }
        return state.Text == string.Concat(model) && state.Cursor == at;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Up_and_down_keep_the_column_where_lines_are_long_enough()
    {
        var state = EditorState.Empty(0).Insert("long line\nx\nanother line").MoveTo(8);
        var down = state.Press(Stroke.Down, []);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(down.Cursor, Is.EqualTo(11));
            Assert.That(down.Press(Stroke.Down, []).Cursor, Is.EqualTo(20));
            Assert.That(down.Press(Stroke.Up, []).Cursor, Is.EqualTo(8));
        }
    }

    [Test]
    public void A_search_finds_the_youngest_first_and_goes_back_to_what_was_there()
    {
        var state = EditorState.Empty(3).Insert("draft").Press(Stroke.Search, History);
        EditorState Press(EditorState s, Key key) => s.PressInSearch(key, History)!;
        var found = Press(state, new Key.Typed("n"));
        var again = Press(Press(state, new Key.Typed("1")), new Key.Pressed(Stroke.Search));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((found.Text, found.Cursor, found.IsWhole), Is.EqualTo((History[1], 1, true)));
            Assert.That(Press(found, new Key.Typed("?")).Search!.HasFailed);
            Assert.That(again.Search!.HasFailed, "only one entry has it");
            Assert.That(Press(found, new Key.Pressed(Stroke.Cancel)).Text, Is.EqualTo("draft"));
            Assert.That(found.PressInSearch(new Key.Pressed(Stroke.Enter), History), Is.Null);
        }
    }
}
