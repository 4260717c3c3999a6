using System.Collections.Immutable;

namespace Kea.Types.Inference;

/// <summary>Names and qualified names as values (3.3, 3.4).</summary>
internal sealed partial class BodyChecker
{
    private TypedExpression InferVariable(Expression.Variable variable, Type? expected)
    {
        var name = variable.Name.Text;
        var local = FindLocal(name);
        if (local >= 0) return UseLocal(local, variable.Span);
        if (_owner is not null)
        {
            if (_facts.Functions.Find(_owner, name) is { } member) return FunctionValue(member, expected, variable.Span);
            if (_owner.Consts.TryGetValue(name, out var constant)) return ConstValue(constant, variable.Span);
        }
        var functions = _facts.Functions.InScope(_scope, name);
        if (functions.Length > 1) return Ambiguous(variable.Name, functions.Select(f => f.QualifiedName));
        if (functions.Length == 1) return FunctionValue(functions[0], expected, variable.Span);
        if (_scope.Const(name) is { } fileConst) return ConstValue(fileConst, variable.Span);
        var methods = TraitMethods(name);
        if (methods.Count > 1) return Ambiguous(variable.Name, methods.Select(m => $"{m.OwnerTrait!.Name}.{name}"));
        if (methods.Count == 1) return FunctionValue(methods[0], expected, variable.Span);
        Undefined(variable.Name);
        return ErrorAt(variable.Span);
    }

    private TypedExpression Ambiguous(Name name, IEnumerable<string> candidates)
    {
        Error("E0001", name.Span, $"ambiguous name `{name.Text}`: {List(candidates)}", "", "write the qualified name");
        return ErrorAt(name.Span);
    }

    private void Undefined(Name name)
    {
        if (name.IsMissing || HasFailedImport(name.Text)) return;
        Error("E0005", name.Span, $"undefined variable `{name.Text}`", "not found in this scope",
            name.Text == _lambdaName ? "a lambda has no name of its own; declare a fn with its type" : DidYouMean(name.Text));
    }

    private string? DidYouMean(string name)
    {
        var locals = _locals.Take(_localCount).Select(l => l.Symbol.Name);
        var members = _owner is null ? [] : _owner.Methods.Keys.Concat(_owner.Consts.Keys);
        var isUpper = IsUpper(name);
        if (Closest(name, locals.Concat(members).Concat(_scope.NamesInScope).Where(n => IsUpper(n) == isUpper)) is { } close) return close;
        foreach (var module in _facts.Program.Modules)
            if (module.Functions.TryGetValue(name, out var function) && IsVisible(function.IsPublic, module))
                return $"`{module.Name}.{name}` exists; write it qualified or import it with `use {module.Name}.{{{name}}}`";
        return null;
    }

    /// <summary>Methods of this name of traits in scope.</summary>
    private List<FunctionSymbol> TraitMethods(string name)
    {
        var found = new List<FunctionSymbol>();
        foreach (var trait in _scope.TraitsInScope)
            if (trait.Methods.TryGetValue(name, out var method) && !found.Contains(method)) found.Add(method);
        return found;
    }

    /// <summary>A declared function as a value: labels and defaults are gone, effects are part of its type.</summary>
    private TypedExpression FunctionValue(FunctionSymbol function, Type? expected, TextSpan span)
    {
        UseOf(function, span);
        return FunctionValue(Instantiate(function, span), expected, span);
    }

    private TypedExpression FunctionValue(Callee callee, Type? expected, TextSpan span)
    {
        var type = new Type.Function(callee.Types, callee.Effects, callee.Result);
        Push(type, expected);
        SolveAll();
        foreach (var obligation in callee.Obligations) Require(obligation);
        return new TypedExpression.FunctionValue(callee.Target, type, span);
    }

    private TypedExpression ConstValue(ConstSymbol constant, TextSpan span)
    {
        if (constant.Deprecation is { } text) WarnDeprecated(constant.Name, text, span);
        return new TypedExpression.Const(constant, constant.Type, span);
    }

    /// <summary>The names of <c>A.B.C</c>; null when the expression is not such a path.</summary>
    private static List<Name>? PathOf(Expression expression)
    {
        switch (expression)
        {
            case Expression.Upper upper:
                return [upper.Name];
            case Expression.Field { Name: var name, Target: var target } when IsUpper(name.Text):
                var path = PathOf(target);
                path?.Add(name);
                return path;
            default:
                return null;
        }
    }

    private static bool IsUpper(string name) => name.Length > 0 && char.IsAsciiLetterUpper(name[0]);

    private bool IsVisible(bool isPublic, ModuleSymbol? home) => isPublic || home is null || home.Origin == _module.Origin;

    /// <summary>What a path of names means as a namespace; empty when nothing is called that.</summary>
    private Namespace ResolveNamespace(List<Name> path)
    {
        if (path.Count == 1)
        {
            var name = path[0].Text;
            if (_owner?.NestedTypes.GetValueOrDefault(name) is { } nested) return NamespaceOf(_scope, name, nested);
            return _namespaces.TryGetValue(name, out var known) ? known : _namespaces.GetOrAdd(name, NamespaceOf(_scope, name, null));
        }
        var text = string.Join('.', path.Select(p => p.Text));
        var module = _scope.FindModule(text);
        var outer = ResolveNamespace(path[..^1]);
        var last = path[^1].Text;
        var type = outer.Type?.NestedTypes.GetValueOrDefault(last) ?? Visible(outer.Module?.Types.GetValueOrDefault(last));
        return new Namespace
        {
            Name = text,
            Module = module,
            Type = type,
            Trait = outer.Module?.Traits.GetValueOrDefault(last) is { } trait && IsVisible(trait.IsPublic, trait.Module) ? trait : null,
            Effect = outer.Module?.Effects.GetValueOrDefault(last) is { } effect && IsVisible(effect.IsPublic, effect.Module) ? effect : null,
        };
    }

    private static Namespace NamespaceOf(IModuleScope scope, string name, TypeSymbol? nested)
    {
        ImmutableArray<TypeSymbol> types = nested is not null ? [nested] : scope.Types(name);
        var traits = scope.Traits(name);
        var effects = scope.Effects(name);
        return new Namespace
        {
            Name = name,
            Module = scope.FindModule(name),
            Type = types.IsEmpty ? null : types[0],
            Trait = traits.IsEmpty ? null : traits[0],
            Effect = effects.IsEmpty ? null : effects[0],
        };
    }

    private TypeSymbol? Visible(TypeSymbol? type) => type is not null && IsVisible(type.IsPublic, type.Module) ? type : null;

    /// <summary>An item of a namespace by its lower name; null when there is none, which is not reported yet.</summary>
    private Member? FindMember(Namespace space, string name)
    {
        if (space.Type is { } type)
        {
            if (_facts.Functions.Find(type, name) is { } method) return new Member.Function(method);
            if (type.Consts.TryGetValue(name, out var constant)) return new Member.Const(constant);
        }
        var function = (space.Module is { } module ? _facts.Functions.Find(module, name) : null)
            ?? (space.Type is { } owner && _facts.HomeOf(owner) is { } home ? _facts.Functions.Find(home, name) : null);
        var traitMethod = space.Trait?.Methods.GetValueOrDefault(name);
        if (function is not null && traitMethod is not null) return new Member.FunctionOrMethod(function, traitMethod);
        if (space.Effect?.Operations.GetValueOrDefault(name) is { } operation) return new Member.Operation(operation);
        if (function is not null) return new Member.Function(function);
        if (space.Module?.Consts.GetValueOrDefault(name) is { } moduleConst) return new Member.Const(moduleConst);
        if (traitMethod is not null) return new Member.Function(traitMethod);
        if (space.Type is { } primitive && BuiltinMethods.Exists(primitive.Builtin, name)) return new Member.Builtin(name, primitive);
        return null;
    }

    /// <summary>Finds the item or reports why there is none.</summary>
    private Member? ResolveMember(List<Name> path, Name name, TextSpan span)
    {
        var space = ResolveNamespace(path);
        if (FindMember(space, name.Text) is { } member) return CheckVisible(member, space, span) ? member : null;
        var place = path[0].Span.Until(path[^1].Span);
        if (space.IsEmpty)
        {
            ReportUnknownModule(space.Name, place);
        }
        else if (space.Module is { } module)
        {
            var names = module.Functions.Keys.Concat(space.Trait?.Methods.Keys ?? Enumerable.Empty<string>()).Concat(space.Effect?.Operations.Keys ?? Enumerable.Empty<string>());
            Error("E0005", name.Span, $"module {space.Name} has no function `{name.Text}`", "", Closest(name.Text, names));
        }
        else if (space.Effect is { } effect)
        {
            Error("E0005", name.Span, $"effect {effect.Name} has no operation `{name.Text}`", "", Closest(name.Text, effect.Operations.Keys));
        }
        else if (space.Trait is { } trait)
        {
            Error("E0005", name.Span, $"trait `{trait.Name}` has no method `{name.Text}`", "", Closest(name.Text, trait.Methods.Keys));
        }
        else
        {
            Error("E0005", name.Span, $"type `{space.Type!.Name}` has no function `{name.Text}`", "", Closest(name.Text, space.Type.Methods.Keys.Concat(space.Type.Consts.Keys)));
        }
        return null;
    }

    // Those that are not always there; a program that does not import one has not loaded it, so its symbols cannot be asked.
    private static readonly ImmutableArray<string> StandardModules = ["Clock", "Float", "Int", "IO", "Map", "Rand", "Test", "Text", "Vector"];

    private void ReportUnknownModule(string name, TextSpan span)
    {
        if (HasFailedImport()) return;
        var help = _facts.Program.Modules.Any(m => m.Name == name) || StandardModules.Contains(name) ? $"add `use {name}` at the top of the file" : Closest(name, _scope.NamesInScope.Where(IsUpper));
        Error("E0005", span, $"unknown module `{name}`", "", help);
    }

    /// <summary>An import that was not found has been reported; names that it should have brought are not reported again.</summary>
    private bool HasFailedImport(string? name = null)
    {
        foreach (var declaration in _module.Tree.Declarations)
        {
            if (declaration is not Declaration.Use use || IsKnown(use.Path.ToString())) continue;
            if (name is null || use.Names is { } names && names.Any(n => n.Text == name)) return true;
        }
        return false;
    }

    private bool IsKnown(string path) =>
        _scope.FindModule(path) is not null || (path.LastIndexOf('.') is > 0 and var dot && _scope.FindModule(path[..dot]) is not null);

    /// <summary>One-letter and two-letter names are too short to tell what was meant.</summary>
    /// <summary>The name that was probably meant; where there are few, all of them.</summary>
    private static string? ClosestOrAll(string name, string what, IEnumerable<string> candidates)
    {
        const int fewMax = 6;
        if (Closest(name, candidates) is { } close) return close;
        var all = candidates.ToList();
        return all.Count is 0 or > fewMax ? null : $"{what}: {string.Join(", ", all.Select(n => $"`{n}`"))}";
    }

    private static string? Closest(string name, IEnumerable<string> candidates) =>
        name.Length > 2 && EditDistance.Closest(name, candidates) is { } close ? $"did you mean `{close}`?" : null;

    private bool CheckVisible(Member member, Namespace space, TextSpan span)
    {
        var (isPublic, home, name) = member switch
        {
            Member.Function(var f) => (f.IsPublic || f.OwnerTrait is { IsPublic: true }, f.Module, f.Name),
            Member.FunctionOrMethod(var f, _) => (f.IsPublic || true, f.Module, f.Name),
            Member.Operation(var o) => (o.Effect.IsPublic, o.Effect.Module, o.Name),
            Member.Const(var c) => (true, c.Module, c.Name),
            Member.Builtin(var b, _) => (true, null, b),
        };
        if (IsVisible(isPublic, home)) return true;
        Error("E0012", span, $"`{space.Name}.{name}` is not public in its package");
        return false;
    }

    /// <summary><c>a.b</c>: a qualified name, an element of a tuple, or a field.</summary>
    private TypedExpression InferField(Expression.Field field, Type? expected)
    {
        if (PathOf(field) is { } constructorPath) return InferQualifiedUpper(constructorPath, expected, field.Span);
        if (PathOf(field.Target) is { } path && IsNamespacePath(path))
        {
            switch (ResolveMember(path, field.Name, field.Span))
            {
                case null: return ErrorAt(field.Span);
                case Member.Function(var function): return FunctionValue(function, expected, field.Span);
                case Member.FunctionOrMethod(var function, var method): return FunctionValue(ChooseValue(function, method, expected), expected, field.Span);
                case Member.Operation(var operation): return OperationValue(operation, expected, field.Span);
                case Member.Const(var constant): return ConstValue(constant, field.Span);
                case Member.Builtin(var name, var owner): return BuiltinValue(owner, name, expected, field.Span);
            }
        }
        var target = Infer(field.Target, null);
        return FieldOf(target, field.Name, field.Span);
    }

    /// <summary>A path whose first name is a namespace, so not a constructor with something after it.</summary>
    private bool IsNamespacePath(List<Name> path) =>
        !ResolveNamespace(path).IsEmpty || !BeginsWithConstructor(path);

    /// <summary>What follows the constructor qualifies a method: <c>Color.Red.Describe.describe()</c>.</summary>
    private bool BeginsWithConstructor(List<Name> path)
    {
        for (var length = path.Count; length > 0; length--)
            if (IsConstructorPath(path[..length])) return true;
        return false;
    }

    /// <summary>A constructor as a value: <c>Red.show()</c>, <c>Color.Red.show()</c>.</summary>
    private bool IsConstructorPath(List<Name> path)
    {
        var last = path[^1].Text;
        if (path.Count == 1) return !_scope.Constructors(last).IsEmpty || IsNestedConstructor(last);
        var outer = ResolveNamespace(path[..^1]);
        return (outer.Type is { } type && FindVariant(type, last) is not null)
            || (outer.Module is { } module && module.Types.Values.Any(t => FindVariant(t, last) is not null));
    }

    private bool IsNestedConstructor(string name) => _owner is not null && _owner.NestedTypes.Values.Any(t => FindVariant(t, name) is not null);

    /// <summary>As a value, the trait method is meant when the expected parameter type is not what the function takes.</summary>
    private FunctionSymbol ChooseValue(FunctionSymbol function, FunctionSymbol method, Type? expected)
    {
        if (expected?.Resolved is not Type.Function wanted || wanted.Parameters.Length != function.Parameters.Length) return method;
        for (var i = 0; i < wanted.Parameters.Length; i++)
        {
            var found = new Type?[function.TypeVariables.Length];
            if (wanted.Parameters[i].Resolved is Type.Meta || !Match.Fits(function.Parameters[i].Type, wanted.Parameters[i], function.TypeVariables, found, lenient: true)) return method;
        }
        return function.TypeVariables.IsEmpty ? function : method;
    }

    private TypedExpression OperationValue(OperationSymbol operation, Type? expected, TextSpan span) =>
        FunctionValue(Instantiate(operation), expected, span);

    /// <summary><c>Type.Ctor</c>, <c>Module.Ctor</c>, <c>Module.Type.Ctor</c>.</summary>
    private TypedExpression InferQualifiedUpper(List<Name> path, Type? expected, TextSpan span) =>
        ResolveQualifiedConstructor(path, expected, false) switch
        {
            { Variant: { } variant } => ConstructorValue(variant, expected, span, isQualified: true),
            { Opaque: { } opaque } => ArityOfOpaque(opaque, span),
            _ => ErrorAt(span),
        };

    private TypedExpression ArityOfOpaque(TypeSymbol opaque, TextSpan span)
    {
        Error("E0009", span, $"`{opaque.Name}` expects 1 argument, got 0");
        return ErrorAt(span);
    }

    private (VariantSymbol? Variant, TypeSymbol? Opaque) ResolveQualifiedConstructor(List<Name> path, Type? expected, bool isPattern)
    {
        var name = path[^1];
        var space = ResolveNamespace(path[..^1]);
        if (space.Type is { } type && FindVariant(type, name.Text) is { } variant) return (variant, null);
        if (space.Type?.NestedTypes.GetValueOrDefault(name.Text) is { Kind: TypeKind.Opaque } nested) return (null, nested);
        if (space.Module is { } module)
        {
            var found = new List<VariantSymbol>();
            foreach (var candidate in module.Types.Values)
                if (IsVisible(candidate.IsPublic, module) && FindVariant(candidate, name.Text) is { } inModule) found.Add(inModule);
            if (found.Count > 1 && expected?.Resolved is Type.Named { Symbol: var wanted } && found.Find(v => ReferenceEquals(v.Owner, wanted)) is { } fits) return (fits, null);
            if (found.Count == 1) return (found[0], null);
            if (found.Count > 1)
            {
                Error("E0001", name.Span, $"ambiguous constructor `{name.Text}`{(isPattern ? " in pattern" : "")}: {List(found.Select(v => $"{module.Name}.{v.Owner.Name}.{v.Name}"))}");
                return default;
            }
            if (Visible(module.Types.GetValueOrDefault(name.Text)) is { Kind: TypeKind.Opaque } opaque) return (null, opaque);
        }
        if (space.Type is { } known)
            Error("E0005", name.Span, $"type `{known.Name}` has no variant `{name.Text}`", "", ClosestOrAll(name.Text, "its variants are", known.Variants.Select(v => v.Name)));
        else if (space.Module is not null)
            Error("E0005", name.Span, $"module {space.Name} has no constructor `{name.Text}`", "", Closest(name.Text, space.Module.Types.Values.SelectMany(t => t.Variants).Select(v => v.Name)));
        else if (space.IsEmpty)
            ReportUnknownModule(space.Name, path[0].Span.Until(path[^2].Span));
        else
            Error("E0005", name.Span, $"`{space.Name}` has no constructor `{name.Text}`");
        return default;
    }
}
