using System.Collections.Immutable;
using System.Text;
using Kea.Source;
using Kea.Types;

namespace Kea.Mir;

/// <summary>A function at closed type arguments: what has a body of its own in the program.</summary>
internal sealed record Instance(
    FunctionSymbol Symbol, ImmutableArray<ClosedType> Arguments, TypeSubstitution Substitution,
    ImmutableArray<ClosedType> Parameters, ClosedType Result, ClosedType? Failure, MirSignature Signature);

/// <summary>State of one lowering: what is interned, which functions are still to be lowered, and what has come out.</summary>
internal sealed class LoweringContext
{
    private readonly Dictionary<InstanceKey, Instance> _instances = [];
    private readonly Dictionary<ConstSymbol, MirSignature> _consts = [];
    private readonly Dictionary<string, FunctionId> _made = [];
    private readonly Queue<Action> _work = new();
    private readonly HashSet<FunctionId> _finished = [];
    private readonly HashSet<string> _projectModules = [];
    private readonly HashSet<FunctionSymbol> _unbounded = [];
    private readonly Predicate<FunctionId> _hasBody;

    // Beyond what programs write by hand, and small enough for names that spell types out.
    private const int typeSizeMax = 2000;
    private const int typeDepthMax = 100;

    /// <param name="hasBody">Functions that have been lowered before and are not wanted again.</param>
    public LoweringContext(CheckedProgram program, LoweringSession session, Predicate<FunctionId> hasBody)
    {
        Program = program;
        Session = session;
        _hasBody = hasBody;
        Types = new ClosedTypes(program, session.Versions);
        Representation = new Representation(session, Types);
        foreach (var module in program.Modules) if (module.Origin == ModuleOrigin.Project) _projectModules.Add(module.Name);
    }

    public CheckedProgram Program { get; }
    public LoweringSession Session { get; }
    public ClosedTypes Types { get; }
    public Representation Representation { get; }
    public List<MirFunction> Functions { get; } = [];
    /// <summary>See <see cref="LoweredProgram.Values"/>.</summary>
    public List<LoweredInstance> FunctionValues { get; } = [];
    /// <summary>See <see cref="LoweredProgram.States"/>.</summary>
    public ImmutableDictionary<string, Kea.Types.Type>.Builder States { get; } = ImmutableDictionary.CreateBuilder<string, Kea.Types.Type>();
    /// <summary>What only shows when types are closed.</summary>
    public DiagnosticBag Diagnostics { get; } = new();

    /// <summary>The function at these types, which will be lowered if it has not been.</summary>
    /// <param name="module">Who needs it; an instance of a generic function goes to the module that needed it first.</param>
    public Instance Instance(FunctionSymbol symbol, ImmutableArray<ClosedType> arguments, string module)
    {
        var key = new InstanceKey(symbol, arguments);
        if (_instances.TryGetValue(key, out var known)) return known;
        var substitution = new TypeSubstitution(symbol.TypeVariables, arguments, null);
        var parameters = ImmutableArray.CreateBuilder<ClosedType>(symbol.Parameters.Length);
        foreach (var parameter in symbol.Parameters) parameters.Add(Types.Close(parameter.Type, substitution));
        var result = Types.Close(symbol.Result, substitution);
        var failure = Types.FailureOf(symbol.Effects, substitution);
        var id = Session.Function(
            QualifiedName(symbol.QualifiedName, symbol.Module) + ArgumentNames(arguments),
            arguments.IsEmpty ? ModuleName(symbol.Module) : module,
            [.. parameters.Select(p => (Representation.Of(p), Ownership.Owned))],
            Representation.OfResult(result, failure), isClosureCode: false, AbiOf([.. parameters, result], failure));
        var made = new Instance(symbol, arguments, substitution, parameters.MoveToImmutable(), result, failure, Session[id]);
        _instances.Add(key, made);
        if (arguments.Any(a => a.Size > typeSizeMax || a.Depth > typeDepthMax)) ReportUnbounded(symbol);
        else if (symbol.Intrinsic is null && !symbol.IsExtern) Enqueue(id, () => FunctionLowering.LowerInstance(this, made));
        return made;
    }

    /// <summary>The function that computes a const that is more than a scalar.</summary>
    public MirSignature Const(ConstSymbol constant)
    {
        if (_consts.TryGetValue(constant, out var known)) return known;
        var type = Types.Close(constant.Type, TypeSubstitution.Empty);
        var id = Session.Function(QualifiedName(constant.QualifiedName, constant.Module), ModuleName(constant.Module), [], Representation.Of(type), isClosureCode: false, AbiOf([type], null));
        _consts.Add(constant, Session[id]);
        Enqueue(id, () => FunctionLowering.LowerConst(this, constant, Session[id]));
        return Session[id];
    }

    /// <summary>A function that exists in no source, such as the equality of a tuple; lowered once per name.</summary>
    public MirSignature Synthetic(string name, string module, ImmutableArray<MirType> parameters, MirType result, bool isClosureCode, Action<FunctionLowering, ImmutableArray<ValueId>> write)
    {
        if (_made.TryGetValue(name, out var known)) return Session[known];
        var id = Session.Function(name, module, [.. parameters.Select((p, i) => (p, isClosureCode && i == 0 ? Ownership.Borrowed : Ownership.Owned))], result, isClosureCode);
        _made.Add(name, id);
        Enqueue(id, () => FunctionLowering.LowerSynthetic(this, Session[id], write));
        return Session[id];
    }

    /// <summary>
    /// What a signature's machine types do not tell: which versions of types its references lead to. Empty while all types are as they
    /// were first.
    /// </summary>
    public static string AbiOf(ReadOnlySpan<ClosedType> types, ClosedType? failure)
    {
        StringBuilder? text = null;
        for (var i = 0; i <= types.Length; i++)
            if ((i < types.Length ? types[i] : failure) is { } type && type.Name.Contains(ClosedTypes.VersionMark)) (text ??= new()).Append(i).Append(':').Append(type.Name).Append(';');
        return text?.ToString() ?? "";
    }

    /// <summary>What lambdas of an instance are named after; other bodies have other lambdas.</summary>
    public string LambdaRoot(Instance instance)
    {
        var version = Session.BodyVersions.GetValueOrDefault(instance.Symbol.QualifiedName, 1);
        return version == 1 ? instance.Signature.Name : $"{instance.Signature.Name}{ClosedTypes.VersionMark}{version}";
    }

    public void Add(MirFunction function)
    {
        if (_finished.Add(function.Id)) Functions.Add(function);
    }

    /// <summary>For sessions whose program may change; others have no use for it.</summary>
    public ImmutableArray<LoweredInstance> LoweredInstances => !Session.IsReloadable ? [] :
        [.. _instances.Values.Where(i => _finished.Contains(i.Signature.Id)).Select(i => new LoweredInstance(i.Signature.Id, i.Symbol, [.. i.Arguments.Select(a => a.Source)]))];

    public void Run()
    {
        while (_work.TryDequeue(out var lower)) lower();
    }

    public string ModuleName(ModuleSymbol module) =>
        module.Origin == ModuleOrigin.Standard && _projectModules.Contains(module.Name) ? "Kea." + module.Name : module.Name;

    /// <summary>A project may have a module of the name of a standard one; the standard one is then called <c>Kea.Name</c>.</summary>
    private string QualifiedName(string name, ModuleSymbol module) =>
        module.Origin == ModuleOrigin.Standard && _projectModules.Contains(module.Name) ? "Kea." + name : name;

    public static Location LocationOf(SourceText source, TextSpan span)
    {
        var lines = source.Lines;
        return new Location(lines.LineOf(span.Start) + 1, lines.ColumnOf(span.Start) + 1);
    }

    // A function that calls itself at ever larger types would need instances without end (6.7.6).
    private void ReportUnbounded(FunctionSymbol symbol)
    {
        if (_unbounded.Add(symbol))
            Diagnostics.Error("E0012", new SourceSpan(symbol.Module.Source, symbol.Span), $"`{symbol.Name}` needs unboundedly many instances: it is used at ever larger types");
    }

    private void Enqueue(FunctionId id, Action lower)
    {
        if (!_hasBody(id)) _work.Enqueue(lower);
    }

    // Rows matter for few functions; where all of them are empty the name leaves them out.
    private static string ArgumentNames(ImmutableArray<ClosedType> arguments)
    {
        var named = arguments.Any(a => a is ClosedType.Row { IsEmpty: false }) ? arguments : arguments.RemoveAll(a => a is ClosedType.Row);
        return named.IsEmpty ? "" : $"({string.Join(", ", named.Select(a => a.Name))})";
    }

    private readonly struct InstanceKey(FunctionSymbol symbol, ImmutableArray<ClosedType> arguments) : IEquatable<InstanceKey>
    {
        private readonly FunctionSymbol _symbol = symbol;
        private readonly ImmutableArray<ClosedType> _arguments = arguments;

        public bool Equals(InstanceKey other) => ReferenceEquals(_symbol, other._symbol) && _arguments.AsSpan().SequenceEqual(other._arguments.AsSpan());
        public override bool Equals(object? other) => other is InstanceKey key && Equals(key);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(_symbol));
            foreach (var argument in _arguments) hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(argument));
            return hash.ToHashCode();
        }
    }
}
