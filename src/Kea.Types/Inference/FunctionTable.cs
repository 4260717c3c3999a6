using System.Collections.Immutable;

namespace Kea.Types.Inference;

/// <summary>
/// Functions by their place and name: as they were declared when the program was bound, but for what edits have put there since.
/// Immutable; versions of a program share what the edits between them left alone.
/// </summary>
internal sealed class FunctionTable
{
    public static readonly FunctionTable AsBound = new(ImmutableDictionary<(object Owner, string Name), FunctionSymbol?>.Empty);

    /// <summary>By module, or by type for its own functions; null for one that is gone.</summary>
    private readonly ImmutableDictionary<(object Owner, string Name), FunctionSymbol?> _edited;

    private FunctionTable(ImmutableDictionary<(object Owner, string Name), FunctionSymbol?> edited) => _edited = edited;

    public FunctionTable With(IEnumerable<KeyValuePair<(object Owner, string Name), FunctionSymbol?>> edits) => new(_edited.SetItems(edits));

    /// <summary>Where a function is found.</summary>
    public static (object Owner, string Name) PlaceOf(FunctionSymbol function) => (function.OwnerType ?? (object)function.Module, function.Name);

    public FunctionSymbol? Find(ModuleSymbol module, string name) =>
        !_edited.IsEmpty && _edited.TryGetValue((module, name), out var edited) ? edited : module.Functions.GetValueOrDefault(name);

    /// <summary>A function of the type's own, not one of a trait.</summary>
    public FunctionSymbol? Find(TypeSymbol type, string name) =>
        !_edited.IsEmpty && _edited.TryGetValue((type, name), out var edited) ? edited : type.Methods.GetValueOrDefault(name);

    /// <summary>Functions that a plain name may mean.</summary>
    public ImmutableArray<FunctionSymbol> InScope(IModuleScope scope, string name)
    {
        if (_edited.IsEmpty) return scope.Functions(name);
        if (Find(scope.Module, name) is { } own) return [own];
        var imported = scope.ImportedFunctions(name);
        for (var i = imported.Length - 1; i >= 0; i--)
        {
            if (imported[i].OwnerTrait is not null || !_edited.TryGetValue(PlaceOf(imported[i]), out var edited)) continue;
            imported = edited is null ? imported.RemoveAt(i) : imported.SetItem(i, edited);
        }
        return imported;
    }

    /// <summary>Whether the function is not what its place means any more.</summary>
    public bool IsEdited(FunctionSymbol function)
    {
        if (_edited.IsEmpty || function.Origin == FunctionOrigin.ParameterDefault) return !_edited.IsEmpty && IsEditedDefault(function);
        return _edited.TryGetValue(PlaceOf(function), out var edited) && !ReferenceEquals(edited, function);
    }

    /// <summary>Functions that edits have put in, with their defaults.</summary>
    public IEnumerable<FunctionSymbol> Edited
    {
        get
        {
            foreach (var function in _edited.Values)
            {
                if (function is null) continue;
                yield return function;
                foreach (var parameter in function.Parameters)
                    if (parameter.Default is { } value) yield return value;
            }
        }
    }

    // A default is called after its function: `price.scale`.
    private bool IsEditedDefault(FunctionSymbol value) =>
        _edited.ContainsKey((value.OwnerType ?? (object)value.Module, value.Name[..value.Name.LastIndexOf('.')]));
}
