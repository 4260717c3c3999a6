using System.Collections.Immutable;
using Kea.Live;
using Kea.Mir;
using Kea.Source;

namespace Kea.Driver.Live;

/// <summary>What a prompt does with a running program: other texts in the place of files, and code that is called once beside it.</summary>
public sealed partial class LiveSession
{
    private ImmutableArray<SlotKey> _beside = [];

    /// <summary>What the version in force was made from, by full path.</summary>
    public ImmutableDictionary<string, SourceText> RunningTexts
    {
        get
        {
            lock (_gate)
            {
                Follow();
                return _planner.Running.Modules.ToImmutableDictionary(m => m.Key, m => m.Value.Outline.Source);
            }
        }
    }

    /// <summary>Checks the program with texts in the place of some files. Loads nothing.</summary>
    public CheckOutcome Check(IReadOnlyDictionary<string, string> texts) => new Session(_paths, new GivenTexts(new DiskFiles(), texts)).Check(_entryPath);

    /// <summary>Publishes what the program is with texts in the place of some files, until the files say something else.</summary>
    public ReloadReport Reload(IReadOnlyDictionary<string, string> texts)
    {
        lock (_gate)
        {
            return UntilDecided(() => _planner.Prepare(null, Policy, _files.With(texts)));
        }
    }

    /// <summary>
    /// Loads a function that the program does not have, and what it needs, beside the version in force; what is returned has the
    /// program call it, once, with zero, at the next reload point of its outermost loop, unless that is interrupted. The version and its states stay as they are.
    /// </summary>
    /// <param name="texts">Sources of which the entry module has the function; the rest says what runs.</param>
    /// <param name="function">From Int to Int.</param>
    /// <returns>Errors, and nothing to call; or nothing and what to call.</returns>
    public (ImmutableArray<Diagnostic> Diagnostics, Func<CancellationToken, Task<EvaluationEnd>>? Evaluate) Evaluate(IReadOnlyDictionary<string, string> texts, string function)
    {
        lock (_gate)
        {
            Follow();
            var checkedNow = Check(texts);
            if (checkedNow.HasErrors) return (checkedNow.Diagnostics, null);
            var lowered = _planner.LowerBeside(checkedNow.Program!, checkedNow.Program!.Entry.Functions[function]);
            if (!lowered.Diagnostics.IsEmpty) return (lowered.Diagnostics, null);
            var code = _planner.Code;
            var source = new LiveSource(lowered.Program, code with { Functions = code.Functions.SetItems(lowered.Program.Functions.Select(f => KeyValuePair.Create(f.Id, CodeFunction.Of(f)))) });
            var keys = lowered.Program.Functions.Select(f => SlotKey.Of(source, f.Id)).ToImmutableArray();
            var evaluate = CompilerFault.During("code generation", () => _live.LoadBeside(source, source.Finished(lowered.Program.Functions), lowered.Entries[0], [.. _beside.Except(keys)]));
            _beside = keys;
            // Values that it keeps are states of the version from now on.
            Recommit(code with { States = code.States.SetItems(lowered.States) });
            return ([], evaluate);
        }
    }

    private void Recommit(LiveCode code)
    {
        foreach (var (index, version) in _versions.ToArray())
            if (ReferenceEquals(version.Code, _planner.Code)) _versions[index] = (version.Program, code);
        _planner.Commit(_planner.Running, code);
    }
}
