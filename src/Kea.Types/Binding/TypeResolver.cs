using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types.Inference;

namespace Kea.Types.Binding;

/// <summary>Makes types of types as written: finds names, expands aliases, groups arguments by arity (2.14.1), checks counts and kinds.</summary>
internal sealed partial class TypeResolver(
    BindContext context, ModuleScope scope, TypeSymbol? owner, ITypeVariableScope variables, Func<VariableKind, Type>? hole, DiagnosticBag bag)
{
    private readonly IProjectingScope? _projecting = variables as IProjectingScope;

    /// <summary>The alias whose target is being resolved, for messages.</summary>
    public AliasSymbol? InAlias { get; init; }
    /// <summary>Where a trait is being declared: whose associated types <c>Self.Item</c> names.</summary>
    public TraitSymbol? InTrait { get; init; }
    /// <summary>Where the payload of an effect may be left out: makes what stands for it (2.4.2).</summary>
    public Func<TextSpan, Type>? Payloads { get; set; }
    /// <summary>Makes what <c>_</c> in a signature stands for; null where it must be written.</summary>
    public Func<VariableKind, TextSpan, Type>? SignatureHole { get; init; }
    /// <summary>Position allows <c>impl Trait</c> (6.10).</summary>
    public SignatureScope? ImplicitBounds { get; set; }

    public Type Resolve(TypeSyntax syntax) => syntax switch
    {
        TypeSyntax.Named named => Named(named),
        TypeSyntax.Variable variable => Variable(variable),
        TypeSyntax.Projection projection => Projection(projection),
        TypeSyntax.Tuple tuple => new Type.Tuple(All(tuple.Elements)),
        TypeSyntax.Unit => context.Builtins.Plain(BuiltinType.Unit),
        TypeSyntax.Function function => new Type.Function(All(function.Parameters), Effects(function.Effects), Resolve(function.Result)),
        TypeSyntax.Record record => new Type.Record(RecordRow(record)),
        TypeSyntax.EffectList list => Error("E0001", list.Span, "kind mismatch: an effect row stands where a type is expected"),
        TypeSyntax.Optional optional => Optional(optional),
        TypeSyntax.Forall forall => Forall(forall),
        TypeSyntax.Any any => Error("E0012", any.Span, "existential types (`any Trait`) are not supported yet", "use a type parameter with a bound"),
        TypeSyntax.Impl impl => Impl(impl),
        TypeSyntax.Hole written => Hole(written.Span, VariableKind.Type),
        TypeSyntax.Integer integer => Error("E0009", integer.Span, "no type takes integer arguments"),
        TypeSyntax.Error => new Type.Error(),
    };

    private ImmutableArray<Type> All(ImmutableArray<TypeSyntax> syntaxes)
    {
        if (syntaxes.IsEmpty) return [];
        var types = ImmutableArray.CreateBuilder<Type>(syntaxes.Length);
        foreach (var syntax in syntaxes) types.Add(Resolve(syntax));
        return types.MoveToImmutable();
    }

    private Type Named(TypeSyntax.Named syntax)
    {
        var path = syntax.Path;
        if (path.Parts.IsEmpty || path.Parts[0].IsMissing) return new Type.Error();
        var first = path.Parts[0].Text;
        if (first == "Self" && Self(syntax) is { } self) return self;
        if (variables.Variable(first, null) is { } declared)
        {
            if (path.Parts.Length == 1) return Applied(declared, syntax.Arguments, syntax.Span);
            if (path.Parts.Length == 2) return Project(new Type.Variable(declared), first, null, path.Parts[1], syntax.Span);
        }
        var found = TypeLookup.Find(path, scope, context.Table, owner, out var hidden);
        if (hidden) return Error("E0012", path.Span, $"`{path}` is not public in its package");
        if (found.IsEmpty) return Unresolved(syntax, first);
        if (found.Length > 1) return Ambiguous(path, found);
        return found[0].Type is { } type ? Apply(type, syntax) : Expand(found[0].Alias!, syntax);
    }

    private Type Unresolved(TypeSyntax.Named syntax, string name)
    {
        if (syntax.Path.Parts.Length == 1)
        {
            if (TypeLookup.IsVariableShape(name) && variables.Variable(name, VariableKind.Type) is { } variable) return Applied(variable, syntax.Arguments, syntax.Span);
            if (RecordOperator(syntax, name) is { } computed) return computed;
        }
        var whole = syntax.Path.ToString();
        var closest = EditDistance.Closest(whole, scope.TypeNamesInScope);
        var message = InAlias is null ? $"unknown type `{whole}`" : $"unknown type `{whole}` in alias `{InAlias.Name}`";
        return Error("E0005", syntax.Path.Span, message, closest is null ? null : $"did you mean `{closest}`?");
    }

    private Type Ambiguous(PathName path, ImmutableArray<TypeName> found)
    {
        var candidates = found.Select(f => f.Type is { } type ? $"`{type.Module?.Name}.{type.Name}`" : $"`{f.Alias!.Module.Symbol.Name}.{f.Alias.Name}`");
        return Error("E0001", path.Span, $"ambiguous name `{path}`: {string.Join(", ", candidates)}", "write the name with its module");
    }

    /// <summary>A variable takes arguments only as an actor protocol (10.2), which is not there yet.</summary>
    private Type Applied(TypeVariable variable, ImmutableArray<TypeSyntax> arguments, TextSpan span)
    {
        if (!arguments.IsEmpty) return Error("E0009", span, $"type variable `{variable.Name}` takes no arguments");
        return variable.Kind == VariableKind.Type ? new Type.Variable(variable) : WrongKind(variable, VariableKind.Type, span);
    }

    private Type Variable(TypeSyntax.Variable syntax)
    {
        if (syntax.Name.IsMissing) return new Type.Error();
        if (variables.Variable(syntax.Name.Text, VariableKind.Type) is { } variable) return Applied(variable, syntax.Arguments, syntax.Span);
        return Error("E0005", syntax.Span, InAlias is null ? $"unknown type `{syntax.Name.Text}`" : $"unknown type `{syntax.Name.Text}` in alias `{InAlias.Name}`",
            "a type variable must be a parameter of the declaration");
    }

    /// <summary>Null where <c>Self</c> is an ordinary name.</summary>
    private Type? Self(TypeSyntax.Named syntax)
    {
        Type? self = variables.Variable("Self", null) is { } variable ? new Type.Variable(variable)
            : _projecting?.SelfType ?? (owner is null ? null : Generic(owner));
        if (self is null) return null;
        if (syntax.Path.Parts.Length == 1) return syntax.Arguments.IsEmpty ? self : Error("E0009", syntax.Span, "`Self` takes no arguments");
        var trait = syntax.Path.Parts.Length == 3 ? syntax.Path.Parts[1] : (Name?)null;
        return Project(self, "Self", trait, syntax.Path.Last, syntax.Span);
    }

    /// <summary>A type applied to its own parameters.</summary>
    public static Type Generic(TypeSymbol type)
    {
        if (type.Parameters.IsEmpty) return type.Plain;
        return new Type.Named(type, [.. type.Parameters.Select(AsArgument)]);
    }

    public static Type AsArgument(TypeVariable variable) => variable.Kind == VariableKind.Type
        ? new Type.Variable(variable)
        : new Type.RowArgument(new Row([], new Type.Variable(variable)));

    private Type Apply(TypeSymbol type, TypeSyntax.Named syntax)
    {
        if (type.Deprecation is { } text && !IsInside(type))
            bag.Warning("W1006", scope.Contents.At(syntax.Path.Span), text.Length == 0 ? $"`{type.Name}` is deprecated" : $"`{type.Name}` is deprecated: {text}");
        if (type.Parameters.IsEmpty && syntax.Arguments.IsEmpty) return type.Plain;
        var arguments = Regroup(syntax, type.Parameters.Length);
        if (arguments.Length != type.Parameters.Length) return WrongCount("type", type.Name, type.Parameters.Length, arguments.Length, syntax.Span);
        return new Type.Named(type, Arguments(arguments, type.Parameters));
    }

    /// <summary>A deprecated type may name itself in its own body and implementations.</summary>
    private bool IsInside(TypeSymbol type)
    {
        for (var around = owner; around is not null; around = around.Outer)
            if (ReferenceEquals(around, type)) return true;
        return _projecting?.SelfType?.Resolved is Type.Named { Symbol: var self } && ReferenceEquals(self, type);
    }

    private ImmutableArray<Type> Arguments(ImmutableArray<TypeSyntax> arguments, ImmutableArray<TypeVariable> parameters)
    {
        var types = ImmutableArray.CreateBuilder<Type>(arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
            types.Add(parameters[i].Kind == VariableKind.Type ? Resolve(arguments[i]) : RowArgument(arguments[i], parameters[i]));
        return types.MoveToImmutable();
    }

    /// <summary>
    /// <c>List Option Int</c> is <c>List (Option Int)</c>: a constructor of one parameter takes a tail whose first name has parameters as one argument.
    /// </summary>
    private ImmutableArray<TypeSyntax> Regroup(TypeSyntax.Named syntax, int arity)
    {
        if (arity != 1 || !syntax.Juxtaposed || syntax.Arguments.Length < 2) return syntax.Arguments;
        if (syntax.Arguments[0] is not TypeSyntax.Named { Arguments.IsEmpty: true } head) return syntax.Arguments;
        var found = TypeLookup.Find(head.Path, scope, context.Table, owner, out _);
        var takesArguments = found is [var only] && (only.Type?.Parameters.Length ?? only.Alias!.Parameters.Length) > 0;
        if (!takesArguments) return syntax.Arguments;
        return [new TypeSyntax.Named(head.Path, syntax.Arguments[1..], true, head.Span.Until(syntax.Arguments[^1].Span))];
    }

    private Type Expand(AliasSymbol alias, TypeSyntax.Named syntax)
    {
        if (alias.IsEffectRow) return Error("E0001", syntax.Span, $"kind mismatch: `{alias.Name}` is an effect row, not a type");
        var target = Aliases.TargetOf(alias, context, bag, scope.Contents.At(syntax.Path.Span));
        var arguments = Regroup(syntax, alias.Parameters.Length);
        if (arguments.Length != alias.Parameters.Length) return WrongCount("type", alias.Name, alias.Parameters.Length, arguments.Length, syntax.Span);
        return alias.Parameters.IsEmpty ? target : Substitute.In(target, alias.Parameters, Arguments(arguments, alias.Parameters));
    }

    private Type Optional(TypeSyntax.Optional syntax)
    {
        var inner = Resolve(syntax.Inner);
        return context.Builtins[BuiltinType.Option] is { } option ? new Type.Named(option, [inner]) : Error("E0005", syntax.Span, "unknown type `Option`");
    }

    private Type.Forall Forall(TypeSyntax.Forall syntax)
    {
        var own = new Dictionary<string, TypeVariable>();
        // The kind follows from the use: a variable after `-[` or `|` is a row.
        foreach (var name in syntax.Variables) own[name.Text] = new TypeVariable(name.Text, Kinds.OfVariable(name.Text, syntax.Body));
        var inner = new TypeResolver(context, scope, owner, new ForallScope(own, variables), hole, bag)
        {
            InAlias = InAlias, InTrait = InTrait, SignatureHole = SignatureHole, Payloads = Payloads,
        };
        return new Type.Forall([.. own.Values], inner.Resolve(syntax.Body));
    }

    private Type Impl(TypeSyntax.Impl syntax)
    {
        if (ImplicitBounds is not { } signature) return Error("E0012", syntax.Span, "`impl Trait` is supported as the type of a parameter only");
        if (Trait(new PathName([syntax.Trait], syntax.Trait.Span)) is not { } trait) return new Type.Error();
        var variable = signature.Add($"impl {trait.Name}", VariableKind.Type);
        signature.AddExtra(new Bound(variable, trait, [], []));
        return new Type.Variable(variable);
    }

    public Type Hole(TextSpan span, VariableKind kind) =>
        hole is not null ? hole(kind)
        : SignatureHole is not null ? SignatureHole(kind, span)
        : Error("E0801", span, "a type must be written here; `_` leaves it out", "only a function without `pub` that has a body can leave types of its signature out");

    /// <summary>The trait that a path names; reports what is wrong with it.</summary>
    public TraitSymbol? Trait(PathName path)
    {
        if (path.Parts.IsEmpty || path.Last.IsMissing) return null;
        ImmutableArray<TraitSymbol> found;
        if (path.Parts.Length == 1)
        {
            found = scope.Traits(path.Last.Text);
        }
        else
        {
            var whole = path.ToString();
            found = scope.FindModule(whole[..whole.LastIndexOf('.')]) is { } module && module.Traits.TryGetValue(path.Last.Text, out var qualified) ? [qualified] : [];
            if (found is [var only] && !scope.IsVisible(only.IsPublic, context.Table.Contents[only.Module]))
                bag.Error("E0012", scope.Contents.At(path.Span), $"`{path}` is not public in its package");
        }
        if (found.Length == 1) return found[0];
        if (found.Length > 1)
            bag.Error("E0001", scope.Contents.At(path.Span), $"ambiguous name `{path}`: {string.Join(", ", found.Select(t => $"`{t.Module.Name}.{t.Name}`"))}");
        else
            bag.Error("E0010", scope.Contents.At(path.Span), $"unknown trait `{path}`", "", EditDistance.Closest(path.Last.Text, scope.TraitsInScope.Select(t => t.Name)) is { } closest ? $"did you mean `{closest}`?" : null);
        return null;
    }

    private Type WrongCount(string what, string name, int expected, int got, TextSpan span) =>
        Error("E0009", span, $"{what} `{name}` expects {expected} type argument{(expected == 1 ? "" : "s")} but got {got}");

    /// <summary>What declared parameters are used as has been looked at by <see cref="Kinds"/>, which names the field too.</summary>
    private Type WrongKind(TypeVariable variable, VariableKind wanted, TextSpan span) => variables is DeclaredScope
        ? new Type.Error()
        : Error("E0001", span, $"kind mismatch: `{variable.Name}` is used as {KindName(wanted)} but stands for {KindName(variable.Kind)}");

    public static string KindName(VariableKind kind) => kind switch
    {
        VariableKind.Type => "a type",
        VariableKind.RecordRow => "a record row",
        VariableKind.EffectRow => "an effect row",
    };

    private Type.Error Error(string code, TextSpan span, string message, string? help = null)
    {
        bag.Error(code, scope.Contents.At(span), message, "", help);
        return new Type.Error();
    }
}
