using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types;

namespace Kea.Driver.Incremental;

/// <summary>
/// Takes an edit over into a checked program when nothing but functions differ: their bodies, their signatures, or whether they
/// exist. What is checked again is what the edit touches: those functions and the bodies that mention a name that means another
/// function now.
/// </summary>
internal sealed class EditFunctions
{
    private readonly ImmutableArray<FunctionEdit>.Builder _edits = ImmutableArray.CreateBuilder<FunctionEdit>();
    private readonly List<FunctionSymbol> _edited = [];
    private readonly List<FunctionSymbol> _affected = [];
    private readonly List<(FunctionSymbol? Old, Declaration.Function? New)> _replaced = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<BodyPiece> _taken = new(ReferenceEqualityComparer.Instance);

    private EditFunctions() { }

    /// <param name="before">A program without errors.</param>
    /// <param name="texts">The modules whose texts mean something else, by full path, as they are now.</param>
    /// <returns>Null where more than functions differs, where something is wrong, or where it takes a look at everything to know.</returns>
    public static SourceChange.Functions? Of(ProgramVersion before, IReadOnlyDictionary<string, ModuleOutline> texts)
    {
        var edit = new EditFunctions();
        foreach (var (path, outline) in texts)
            if (!edit.Collect(before.Modules[path], outline)) return null;
        if (edit._names.Any(name => IsOfTrait(name, before.Program.Modules))) return null;
        foreach (var (path, module) in before.Modules)
            if (!edit.Affect(module, texts.GetValueOrDefault(path))) return null;
        return edit.Apply(before, texts);
    }

    private bool Collect(ModuleVersion module, ModuleOutline outline)
    {
        var changes = OutlineChanges.Between(module.Outline, outline);
        if (!changes.Shells.IsEmpty) return false;
        foreach (var (was, at) in changes.Bodies)
        {
            if (module.Functions[was] is not { } function) return false;
            _edits.Add(new FunctionEdit.Body(function, outline.Bodies[at].Written, outline.Source));
            _edited.Add(function);
            _taken.Add(outline.Bodies[at]);
        }
        foreach (var (was, at) in changes.Headers)
        {
            if (module.Functions[was] is not { } old || !Declare(module, outline, at)) return false;
            // Whether a module's functions are public is also said of the module.
            if (old.IsPublic != outline.Bodies[at].Function!.Header.IsPublic) return false;
            _replaced.Add((old, outline.Bodies[at].Function));
        }
        foreach (var at in changes.Added)
        {
            if (!Declare(module, outline, at)) return false;
            _replaced.Add((null, outline.Bodies[at].Function));
        }
        foreach (var was in changes.Removed)
        {
            if (module.Functions[was] is not { } gone || IsTest(module.Outline.Bodies[was])) return false;
            _edits.Add(new FunctionEdit.Removed(gone));
            _names.Add(gone.Name);
            _replaced.Add((gone, null));
        }
        return true;
    }

    private bool Declare(ModuleVersion module, ModuleOutline outline, int at)
    {
        var piece = outline.Bodies[at];
        var name = piece.Function!.Name;
        // Tests are found by their annotation, and a name that is there twice is told of with the whole program in view.
        if (name.IsMissing || IsTest(piece) || piece.Key.Contains('#', StringComparison.Ordinal)) return false;
        TypeSymbol? owner = null;
        foreach (var type in piece.Owner!.Value)
            if ((owner = (owner?.NestedTypes ?? module.Symbol.Types).GetValueOrDefault(type)) is null) return false;
        if (owner is null ? IsMethodOfHome(module.Symbol, name.Text) : owner.Name == module.Symbol.LastSegment || owner.Fields.Any(f => f.Name == name.Text)) return false;
        _edits.Add(new FunctionEdit.Declared(module.Symbol, owner, piece.Function, outline.Source));
        _names.Add(name.Text);
        _taken.Add(piece);
        return true;
    }

    /// <summary>A module and a type named like it share one namespace (2.1.7).</summary>
    private static bool IsMethodOfHome(ModuleSymbol module, string name) => module.Types.TryGetValue(module.LastSegment, out var home) && home.Methods.ContainsKey(name);

    private static bool IsTest(BodyPiece piece) => piece.Function is { } function && function.Header.Annotations.Any(a => a.Name.Text == "test");

    /// <summary>Code that is derived, or stands for operators, calls methods of the library's traits by names that nobody has written.</summary>
    public static bool IsOfTrait(string name, ImmutableArray<ModuleSymbol> modules) => modules.Any(m => m.Origin == ModuleOrigin.Standard && m.Traits.Values.Any(t => t.Methods.ContainsKey(name)));

    /// <summary>Every body of a module that mentions a name that means another function now.</summary>
    private bool Affect(ModuleVersion module, ModuleOutline? text)
    {
        if (_names.Count == 0) return true;
        var outline = text ?? module.Outline;
        foreach (var name in _names)
        {
            if (outline.Mentions.IsElsewhere(name) || outline.Mentions.IsImported(name)) return false;
            foreach (var at in outline.Mentions.Bodies(name))
            {
                var piece = outline.Bodies[at];
                if (!_taken.Add(piece)) continue;
                if (module.Functions[module.Outline.ByKey[piece.Key]] is not { } function) return false;
                _edits.Add(new FunctionEdit.Body(function, piece.Written, outline.Source));
                _affected.Add(function);
            }
        }
        return true;
    }

    private SourceChange.Functions? Apply(ProgramVersion before, IReadOnlyDictionary<string, ModuleOutline> texts)
    {
        var edits = _edits.ToImmutable();
        if (CompilerFault.During("type checking", () => before.Program.WithFunctions(edits)) is not { } after) return null;
        if (after.Diagnostics.Any(d => d.Severity == Severity.Error)) return null;
        var modules = before.Modules;
        foreach (var (path, outline) in texts)
        {
            var module = modules[path];
            modules = modules.SetItem(path, module with
            {
                Outline = outline,
                Functions = [.. outline.Bodies.Select(b => b.Function is { } declared && after.Declared.TryGetValue(declared, out var symbol) ? symbol : module.Functions[module.Outline.ByKey[b.Key]])],
            });
        }
        // Of those the types are other ones; nobody need know them yet.
        var met = before.TypesMet.RemoveRange(_edited.Concat(_affected).Concat(after.Declared.Values).Select(f => f.QualifiedName));
        var version = before with { Program = after.Program, Modules = modules, TypesMet = met };
        var replaced = _replaced.Select(r => (r.Old, r.New is { } now ? after.Declared[now] : null)).ToImmutableArray();
        return new SourceChange.Functions(version, new FunctionChanges([.. _edited], [.. _affected], replaced)) { Warnings = after.Diagnostics };
    }
}
