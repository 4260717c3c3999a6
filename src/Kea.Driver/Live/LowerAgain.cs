using System.Collections.Immutable;
using Kea.Mir;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Driver.Live;

/// <summary>
/// Which code of a version in force is made anew for another version: that of some declared functions, at all types that they are
/// used at. What they need besides is made as it falls out.
/// </summary>
internal sealed class LowerAgain(LiveCode code, CheckedProgram after)
{
    private readonly List<(FunctionSymbol, ImmutableArray<Type>)> _roots = [];
    private readonly HashSet<FunctionId> _ids = [];

    public TypeTransfer Transfer { get; } = new(after);

    public LoweringRoots Roots => new LoweringRoots.Functions([.. _roots]);

    /// <summary>Whether a function's code stays as it is.</summary>
    public bool HasBody(FunctionId id) => code.Functions.ContainsKey(id) && !_ids.Contains(id);

    /// <param name="name">The function's qualified name.</param>
    /// <param name="now">The function in the other version; null if it is gone.</param>
    /// <param name="isReplaced">Others see it differently, so that its code as a value is another one too.</param>
    public void Add(string name, FunctionSymbol? now, bool isReplaced)
    {
        foreach (var id in code.ByDeclaration.GetValueOrDefault(name, []))
        {
            if (!code.Instances.TryGetValue(id, out var instance))
            {
                if (isReplaced) _ids.Add(id);
                continue;
            }
            // With another signature it is another function, but it may have the number that it had.
            _ids.Add(id);
            if (now is not null && now.TypeVariables.Length == instance.Arguments.Length && Transfer.All(instance.Arguments) is { } arguments) _roots.Add((now, arguments));
        }
    }

    /// <summary>Whether some of the code that was to be made anew has not been, and is used all the same.</summary>
    public bool IsLeftBehind(CodeEdit edit)
    {
        var touched = edit.Touched.ToHashSet();
        return _ids.Any(id => edit.Has(id) && !touched.Contains(id));
    }
}
