using System.Collections.Concurrent;

namespace Kea.Types.Inference;

/// <summary>Bodies are checked when first asked for and kept; two threads that ask at once do the work twice and get one answer.</summary>
internal sealed class CheckedProgramImplementation : CheckedProgram
{
    private readonly ProgramFacts _facts;
    private readonly Implementing _implementing;
    private readonly ImmutableArray<Diagnostic> _holeDiagnostics = [];

    // Versions of a program share the bodies that were there when a module was bound; what has been edited since is each version's own.
    private readonly ConcurrentDictionary<ModuleSymbol, ModuleBodies> _bodies = new();
    private readonly ImmutableDictionary<FunctionSymbol, EditedBody> _edited = ImmutableDictionary<FunctionSymbol, EditedBody>.Empty;

    private readonly ConcurrentDictionary<ModuleSymbol, bool> _moving = new();
    private readonly ConcurrentDictionary<(FunctionSymbol, int), bool> _consuming = new();

    private sealed record CheckedBody(TypedBody Body, ImmutableArray<Diagnostic> Diagnostics);
    private sealed record EditedBody(SourceText Source, CheckedBody Checked);
    private sealed record ModuleBodies(ConcurrentDictionary<FunctionSymbol, CheckedBody> Functions, ConcurrentDictionary<ConstSymbol, CheckedConst> Consts);
    private sealed record CheckedConst(TypedExpression Value, ImmutableArray<Diagnostic> Diagnostics);

    /// <param name="before">The program from which modules were taken over; what has been found out about them is too.</param>
    public CheckedProgramImplementation(IBoundProgram program, CheckedProgramImplementation? before = null)
    {
        _facts = new ProgramFacts(program);
        _implementing = new Implementing(_facts);
        if (before is not null)
        {
            var fresh = program.Fresh.ToHashSet();
            foreach (var module in program.Modules)
                if (!fresh.Contains(module)) _bodies[module] = before.BodiesOf(module);
        }
        _holeDiagnostics = CompleteSignatures(program);
        Main = program.Entry.Functions.GetValueOrDefault("main") ?? program.Entry.Types.GetValueOrDefault("Main")?.Methods.GetValueOrDefault("main");
    }

    private ImmutableArray<Diagnostic> CompleteSignatures(IBoundProgram program)
    {
        var holes = _facts.Holes = new SignatureHoles(_facts);
        var functions = new List<FunctionSymbol>();
        foreach (var module in program.Fresh)
            if (module.Origin == ModuleOrigin.Project) Bodies.Of(module, functions, []);
        foreach (var function in functions)
            if (HasBody(function)) holes.Close(function);
        _facts.Holes = null;
        return holes.Diagnostics;
    }

    private CheckedProgramImplementation(CheckedProgramImplementation before, ProgramFacts facts, FunctionSymbol? main, ImmutableDictionary<FunctionSymbol, EditedBody> edited)
    {
        (_implementing, _bodies) = (before._implementing, before._bodies);
        (_facts, Main, _edited) = (facts, main, edited);
    }

    public override SourceText SourceOf(FunctionSymbol function) => _edited.TryGetValue(function, out var edited) ? edited.Source : function.Module.Source;

    public override IEnumerable<FunctionSymbol> ProjectFunctions => FunctionsOf(Modules.Where(m => m.Origin == ModuleOrigin.Project), _facts.Functions.Edited);

    public override IEnumerable<FunctionSymbol> FunctionsOf(IReadOnlySet<ModuleSymbol> modules) => FunctionsOf(modules, _facts.Functions.Edited.Where(f => modules.Contains(f.Module)));

    private IEnumerable<FunctionSymbol> FunctionsOf(IEnumerable<ModuleSymbol> modules, IEnumerable<FunctionSymbol> edited)
    {
        var functions = new List<FunctionSymbol>();
        foreach (var module in modules) Bodies.Of(module, functions, []);
        return functions.Where(f => f.OwnerTrait is not null || f.OwnerImplementation is not null || f.Origin == FunctionOrigin.Test || !_facts.Functions.IsEdited(f)).Concat(edited);
    }

    public override ImmutableHashSet<string> TypesMetIn(FunctionSymbol function) => TypesMet.In(function, BodyOf(function));

    public override ImmutableHashSet<string> TypesMetIn(ConstSymbol constant) => TypesMet.In(ConstValue(constant));

    public override FunctionSymbol? FunctionOf(ModuleSymbol module, string name) => _facts.Functions.Find(module, name);

    public override IEnumerable<FunctionSymbol> EditedFunctions => _facts.Functions.Edited;

    public override EditedProgram? WithFunctions(ImmutableArray<FunctionEdit> edits)
    {
        var bag = new DiagnosticBag();
        var declared = ImmutableDictionary.CreateBuilder<Declaration.Function, FunctionSymbol>(ReferenceEqualityComparer.Instance);
        var places = new Dictionary<(object, string), FunctionSymbol?>();
        var bodies = new List<(FunctionSymbol Function, Expression Written, SourceText Source)>();
        foreach (var edit in edits)
        {
            switch (edit)
            {
                case FunctionEdit.Body(var function, var written, var source): bodies.Add((function, written, source)); break;
                case FunctionEdit.Removed(var function): places.TryAdd(FunctionTable.PlaceOf(function), null); break;
                case FunctionEdit.Declared(var module, var owner, var declaration, var source):
                    var symbol = _facts.Program.Declare(module, owner, declaration, source, bag);
                    declared.Add(declaration, symbol);
                    places[FunctionTable.PlaceOf(symbol)] = symbol;
                    if (HasBody(symbol)) bodies.Add((symbol, symbol.Body!, source));
                    foreach (var parameter in symbol.Parameters)
                        if (parameter.Default is { Body: { } value } computed) bodies.Add((computed, value, source));
                    break;
            }
        }
        // Signatures with holes, and whether a parameter of a Unique type is consumed, are found out from bodies, across functions.
        if (bodies.Any(b => b.Function.IsInferred || !b.Function.Holes.IsEmpty || IsMoving(b.Function.Module) || b.Source.Text.Contains("Unique", StringComparison.Ordinal))) return null;
        var facts = places.Count == 0 ? _facts : _facts.With(_facts.Functions.With(places));
        var main = Main is { } before && places.TryGetValue(FunctionTable.PlaceOf(before), out var now) ? now : Main;
        var after = new CheckedProgramImplementation(this, facts, main, _edited);
        var edited = _edited.ToBuilder();
        foreach (var (function, written, source) in bodies)
        {
            var body = after.Check(function, written, source);
            edited[function] = new EditedBody(source, body);
            bag.AddRange(body.Diagnostics);
        }
        if (main is not null && !ReferenceEquals(main, Main)) bag.AddRange(EntryPoint.Check(main));
        return new EditedProgram(new CheckedProgramImplementation(this, facts, main, edited.ToImmutable()), declared.ToImmutable(), bag.ToImmutable());
    }

    public override IBoundProgram Bound => _facts.Program;
    public override ImmutableArray<ModuleSymbol> Modules => _facts.Program.Modules;
    public override ModuleSymbol Entry => _facts.Program.Entry;
    public override FunctionSymbol? Main { get; }

    public override TypedBody? BodyOf(FunctionSymbol function) => HasBody(function) ? Checked(function).Body : null;

    private static bool HasBody(FunctionSymbol function) => function is { Body: not null, Intrinsic: null, IsExtern: false };

    private CheckedBody Checked(FunctionSymbol function)
    {
        if (_edited.TryGetValue(function, out var edited)) return edited.Checked;
        var bodies = BodiesOf(function.Module).Functions;
        return bodies.TryGetValue(function, out var known) ? known : bodies.GetOrAdd(function, Check(function, function.Body!, function.Module.Source));
    }

    private ModuleBodies BodiesOf(ModuleSymbol module) => _bodies.GetOrAdd(module, static _ => new([], []));

    private CheckedBody Check(FunctionSymbol function, Expression body, SourceText source)
    {
        var bag = new DiagnosticBag();
        var typed = BodyChecker.Function(_facts, function, body, source, ReferenceEquals(function, Main), bag);
        return new CheckedBody(typed, bag.ToImmutable());
    }

    public override TypedExpression ConstValue(ConstSymbol constant) => Checked(constant).Value;

    private CheckedConst Checked(ConstSymbol constant)
    {
        var consts = BodiesOf(constant.Module).Consts;
        if (consts.TryGetValue(constant, out var known)) return known;
        var bag = new DiagnosticBag();
        var value = BodyChecker.Constant(_facts, constant, bag);
        return consts.GetOrAdd(constant, new CheckedConst(value, bag.ToImmutable()));
    }

    public override MethodResolution ResolveMethod(TraitSymbol trait, FunctionSymbol method, Type self, ImmutableArray<Type> traitArguments, ImmutableArray<Type> methodArguments) =>
        _implementing.Method(trait, method, self, traitArguments, methodArguments);

    public override bool Implements(TraitSymbol trait, Type type) => _implementing.Holds(trait, type);

    public override Type Normalize(Type type) => _implementing.Normalize(type);
    public override TypeSymbol StandardType(string module, string name) => _facts.Program.StandardType(module, name);
    public override TraitSymbol StandardTrait(string module, string name) => _facts.Program.StandardTrait(module, name);
    public override FunctionSymbol StandardFunction(string module, string name) => _facts.Program.StandardFunction(module, name);
    public override TypeSymbol Primitive(BuiltinType type) => _facts.Program.Primitive(type);

    /// <summary>Checks every body of the modules of an origin, side by side, and returns what was found, sorted by module and place.</summary>
    /// <param name="isChecked">Which bodies of modules that were not taken over are looked at; all of the program if null. Those of modules in which values move always are, since they decide about each other.</param>
    public ImmutableArray<Diagnostic> CheckAll(bool withLibrary, int workers, Predicate<FunctionSymbol>? isChecked = null)
    {
        var functions = new List<FunctionSymbol>();
        var constants = new List<ConstSymbol>();
        foreach (var module in isChecked is null ? Modules : _facts.Program.Fresh)
            if (withLibrary || module.Origin == ModuleOrigin.Project) Bodies.Of(module, functions, constants);
        functions.RemoveAll(f => !HasBody(f) || (isChecked is not null && !isChecked(f) && !IsMoving(f.Module)));
        SideBySide.Bodies(functions, workers, function => Checked(function));
        foreach (var constant in constants) Checked(constant);
        var found = new List<Diagnostic>(_holeDiagnostics);
        foreach (var function in functions) found.AddRange(Checked(function).Diagnostics);
        foreach (var constant in constants) found.AddRange(Checked(constant).Diagnostics);
        foreach (var function in functions) found.AddRange(Moves(function));
        found.AddRange(ConstCycles.Find(constants, ConstValue));
        if (Main is { } main) found.AddRange(EntryPoint.Check(main));
        return Sorted(found);
    }

    /// <summary>Moves are looked at where the name Unique stands at all, in bodies that have no errors.</summary>
    private ImmutableArray<Diagnostic> Moves(FunctionSymbol function)
    {
        if (!IsMoving(function.Module)) return [];
        if (Checked(function).Diagnostics.Any(d => d.Severity == Severity.Error)) return [];
        var bag = new DiagnosticBag();
        MoveChecker.Check(Checked(function).Body, Consumes, bag);
        return bag.ToImmutable();
    }

    private bool IsMoving(ModuleSymbol module) => _moving.GetOrAdd(module, static m => m.Source.Text.Contains("Unique", StringComparison.Ordinal));

    /// <summary>A function that is being asked about itself is taken not to consume: what it does elsewhere decides.</summary>
    private bool Consumes(FunctionSymbol function, int parameter)
    {
        if (BodyOf(function) is not { } body) return true;
        if (_consuming.TryGetValue((function, parameter), out var known)) return known;
        _consuming[(function, parameter)] = false;
        return _consuming[(function, parameter)] = MoveChecker.Consumes(body, parameter, Consumes);
    }

    private ImmutableArray<Diagnostic> Sorted(List<Diagnostic> found)
    {
        var order = new Dictionary<SourceText, int>();
        foreach (var module in Modules) order.TryAdd(module.Source, order.Count);
        return [.. found.OrderBy(d => d.Primary is { } p ? order.GetValueOrDefault(p.Span.Source, int.MaxValue) : -1).ThenBy(d => d.Primary?.Span.Span.Start ?? 0)];
    }
}
