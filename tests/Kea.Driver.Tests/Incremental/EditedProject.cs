using Kea.Driver.Incremental;
using Kea.Driver.Live;
using Kea.Live;
using Kea.Source;
using Kea.Testing;

namespace Kea.Driver.Tests.Incremental;

/// <summary>A project in memory whose edits are checked, lowered and accepted, and never run.</summary>
internal sealed class EditedProject : ISourceFiles
{
    private const string Folder = "/memory/";
    private static readonly ToolchainPaths Paths = new(Repository.Path(".build", "native"), [Repository.Path("stdlib")]);

    private readonly DiskFiles _disk = new();
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly IncrementalSession _session;
    private readonly ChangePlanner _planner;
    private PossibleStates? _held;

    public EditedProject(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files) this[name] = text;
        _session = new IncrementalSession(Paths, Folder + "app.kea", this);
        _planner = new ChangePlanner(_session, () => _held!);
        _changed.Clear();
        var first = _session.Compare() switch
        {
            SourceChange.Whole(var whole, _) => whole,
            SourceChange.Broken(var errors) => throw new ArgumentException(string.Join('\n', errors.Select(e => e.Message))),
            _ => throw new InvalidOperationException("a first comparison is of everything"),
        };
        var (code, _, diagnostics) = _planner.First(first);
        Accept(first, code ?? throw new ArgumentException(string.Join('\n', diagnostics.Select(d => d.Message))));
    }

    public string this[string name]
    {
        get => _texts[Folder + name];
        set
        {
            if (_texts.GetValueOrDefault(Folder + name) == value) return;
            _texts[Folder + name] = value;
            _changed.Add(Folder + name);
        }
    }

    public void Replace(string name, string old, string now)
    {
        Assert.That(this[name], Does.Contain(old));
        this[name] = this[name].Replace(old, now);
    }

    public void Remove(string name)
    {
        if (_texts.Remove(Folder + name)) _changed.Add(Folder + name);
    }

    /// <summary>What a watcher tells: the files that have changed since it was asked last.</summary>
    private string[] Changed()
    {
        string[] changed = [.. _changed];
        _changed.Clear();
        return changed;
    }

    /// <summary>What the texts say now compared with what was accepted last, as far as it has to be looked at.</summary>
    public SourceChange Compare() => _session.Compare(Changed());

    /// <summary>Plans the change, and takes it over unless it is rejected.</summary>
    /// <param name="looksAtAll">All files are compared, not only those that have changed.</param>
    public Candidate Edit(bool looksAtAll = false)
    {
        var changed = Changed();
        var candidate = _planner.Prepare(looksAtAll ? null : changed, IncompatiblePolicy.Refuse);
        if (candidate is { Plan.Verdict: not Verdict.Rejected, Version: { } version, Code: { } code }) Accept(version, code.After);
        return candidate;
    }

    /// <summary>Which of some functions the edit concerns; the edit is then taken over and compared with a look at everything.</summary>
    public IEnumerable<string> Concerned(params string[] functions)
    {
        var change = Compare();
        Assert.That(change, Is.InstanceOf<SourceChange.Declarations>(), (change as SourceChange.Broken)?.Diagnostics.FirstOrDefault()?.Message);
        var affected = ((SourceChange.Declarations)change).Affected;
        var candidate = Edit();
        Assert.That(candidate.Plan.Verdict, Is.AnyOf(Verdict.Swap, Verdict.Nothing), string.Join("; ", candidate.Plan.Diagnostics.Select(d => d.Message)));
        Assert.That(DifferencesFromWhole(), Is.Empty);
        return functions.Where(affected.Contains);
    }

    /// <summary>Functions whose code is not what lowering everything that was accepted gives, each with both texts; empty if all is as it should be.</summary>
    public IReadOnlyList<string> DifferencesFromWhole()
    {
        var wrong = new List<string>();
        var (code, whole) = (_planner.Code, _planner.LowerWhole(_planner.Running));
        foreach (var (id, function) in whole.Functions)
            if (!code.Functions.TryGetValue(id, out var has)) wrong.Add($"missing {function.Lowered.Name}");
            else if (has.Text != function.Text) wrong.Add($"{has.Text}\nshould be\n{function.Text}");
        foreach (var (id, function) in code.Functions)
            if (!whole.Functions.ContainsKey(id) && !IsKept(function.Lowered.Name)) wrong.Add($"not reached: {function.Lowered.Name}");
        return wrong;
    }

    // Steps of loops that may be under way, and what they use, stay.
    private bool IsKept(string name) => name.Contains(".closure[", StringComparison.Ordinal) || name.StartsWith(CodeEdit.TurnPrefix, StringComparison.Ordinal);

    private void Accept(ProgramVersion version, LiveCode code)
    {
        _session.Accept(version);
        _planner.Commit(version, code);
        _held = new PossibleStates(code);
    }

    bool ISourceFiles.Exists(string path) => path.StartsWith(Folder, StringComparison.Ordinal) ? _texts.ContainsKey(path) : _disk.Exists(path);

    ReadResult ISourceFiles.Read(string path, string shownPath) =>
        !path.StartsWith(Folder, StringComparison.Ordinal) ? _disk.Read(path, shownPath)
        : _texts.TryGetValue(path, out var text) ? new ReadResult(new SourceText(shownPath, text), null)
        : new ReadResult(null, $"cannot find `{shownPath}`");
}
