using System.Collections.Concurrent;

namespace Kea.Types.Inference;

/// <summary>Bodies are checked when first asked for and kept; two threads that ask at once do the work twice and get one answer.</summary>
internal sealed class CheckedProgramImplementation : CheckedProgram
{
    private readonly ProgramFacts _facts;
    private readonly Implementing _implementing;
    private readonly ConcurrentDictionary<ConstSymbol, CheckedConst> _consts = new();

    private readonly ImmutableArray<Diagnostic> _holeDiagnostics = [];

    // Versions of a program share the bodies that were there when it was bound; what has been edited since is each version's own.
    private readonly ConcurrentDictionary<FunctionSymbol, CheckedBody> _bodies = new();
    private readonly ImmutableDictionary<FunctionSymbol, EditedBody> _edited = ImmutableDictionary<FunctionSymbol, EditedBody>.Empty;

    private readonly ConcurrentDictionary<ModuleSymbol, bool> _moving = new();
    private readonly ConcurrentDictionary<(FunctionSymbol, int), bool> _consuming = new();

    private sealed record CheckedBody(TypedBody Body, ImmutableArray<Diagnostic> Diagnostics);
    private sealed record EditedBody(SourceText Source, CheckedBody Checked);
    private sealed record CheckedConst(TypedExpression Value, ImmutableArray<Diagnostic> Diagnostics);

    public CheckedProgramImplementation(IBoundProgram program)
    {
        _facts = new ProgramFacts(program);
        _implementing = new Implementing(_facts);
        _holeDiagnostics = CompleteSignatures(program);
        Main = program.Entry.Functions.GetValueOrDefault("main") ?? program.Entry.Types.GetValueOrDefault("Main")?.Methods.GetValueOrDefault("main");
    }

    private ImmutableArray<Diagnostic> CompleteSignatures(IBoundProgram program)
    {
        var holes = _facts.Holes = new SignatureHoles(_facts);
        var functions = new List<FunctionSymbol>();
        foreach (var module in program.Modules)
            if (module.Origin == ModuleOrigin.Project) Bodies.Of(module, functions, []);
        foreach (var function in functions)
            if (HasBody(function)) holes.Close(function);
        _facts.Holes = null;
        return holes.Diagnostics;
    }

    private CheckedProgramImplementation(CheckedProgramImplementation before, ImmutableDictionary<FunctionSymbol, EditedBody> edited)
    {
        (_facts, _implementing, _bodies, _consts, Main) = (before._facts, before._implementing, before._bodies, before._consts, before.Main);
        _edited = edited;
    }

    public override SourceText SourceOf(FunctionSymbol function) => _edited.TryGetValue(function, out var edited) ? edited.Source : function.Module.Source;

    public override Phase<CheckedProgram>? WithBodies(ImmutableArray<BodyEdit> edits)
    {
        // Signatures with holes, and whether a parameter of a Unique type is consumed, are found out from bodies, across functions.
        if (edits.Any(e => e.Function.IsInferred || IsMoving(e.Function.Module) || e.Source.Text.Contains("Unique", StringComparison.Ordinal))) return null;
        var edited = _edited.ToBuilder();
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var edit in edits)
        {
            var body = Check(edit.Function, edit.Body, edit.Source);
            edited[edit.Function] = new EditedBody(edit.Source, body);
            found.AddRange(body.Diagnostics);
        }
        return new Phase<CheckedProgram>(new CheckedProgramImplementation(this, edited.ToImmutable()), found.DrainToImmutable());
    }

    public override ImmutableArray<ModuleSymbol> Modules => _facts.Program.Modules;
    public override ModuleSymbol Entry => _facts.Program.Entry;
    public override FunctionSymbol? Main { get; }

    public override TypedBody? BodyOf(FunctionSymbol function) => HasBody(function) ? Checked(function).Body : null;

    private static bool HasBody(FunctionSymbol function) => function is { Body: not null, Intrinsic: null, IsExtern: false };

    private CheckedBody Checked(FunctionSymbol function)
    {
        if (_edited.TryGetValue(function, out var edited)) return edited.Checked;
        return _bodies.TryGetValue(function, out var known) ? known : _bodies.GetOrAdd(function, Check(function, function.Body!, function.Module.Source));
    }

    private CheckedBody Check(FunctionSymbol function, Expression body, SourceText source)
    {
        var bag = new DiagnosticBag();
        var typed = BodyChecker.Function(_facts, function, body, source, ReferenceEquals(function, Main), bag);
        return new CheckedBody(typed, bag.ToImmutable());
    }

    public override TypedExpression ConstValue(ConstSymbol constant) => Checked(constant).Value;

    private CheckedConst Checked(ConstSymbol constant)
    {
        if (_consts.TryGetValue(constant, out var known)) return known;
        var bag = new DiagnosticBag();
        var value = BodyChecker.Constant(_facts, constant, bag);
        return _consts.GetOrAdd(constant, new CheckedConst(value, bag.ToImmutable()));
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
    public ImmutableArray<Diagnostic> CheckAll(bool withLibrary, int workers)
    {
        var functions = new List<FunctionSymbol>();
        var constants = new List<ConstSymbol>();
        foreach (var module in Modules)
            if (withLibrary || module.Origin == ModuleOrigin.Project) Bodies.Of(module, functions, constants);
        functions.RemoveAll(f => !HasBody(f));
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
