using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types.Inference;

namespace Kea.Types.Binding;

/// <summary>Signatures of functions, methods and trait methods: types, effects, bounds, defaults.</summary>
internal static class Signatures
{
    public static void Bind(ModuleContents module, BindContext context)
    {
        foreach (var function in module.Functions)
        {
            if (function.Origin == FunctionOrigin.Test) Test(function, context);
            else if (function.OwnerTrait is null) Declared(function, module, context);
        }
    }

    /// <summary>A function at file scope or a method in a type's body.</summary>
    private static void Declared(FunctionSymbol function, ModuleContents module, BindContext context)
    {
        var owner = function.OwnerType;
        var scope = new SignatureScope(owner?.Parameters ?? []);
        Function(function, scope, owner, owner is null ? null : TypeResolver.Generic(owner), [], null, module, context);
    }

    /// <param name="scope">Variables that are visible from outside the signature.</param>
    /// <param name="selfType">What an untyped <c>self</c> means, in traits and implementations.</param>
    /// <param name="outerBounds">Bounds of the implementation around it.</param>
    public static void Function(
        FunctionSymbol function, SignatureScope scope, TypeSymbol? owner, Type? selfType, ImmutableArray<Bound> outerBounds, TraitSymbol? trait, ModuleContents module, BindContext context)
    {
        var signature = function.Signature!;
        var holes = new List<SignatureHole>();
        // Only a body can tell what is left out; a trait's or an implementation's signature must stand by itself.
        var hasOwnBody = trait is null && function is { OwnerTrait: null, OwnerImplementation: null, Body: not null };
        var resolver = new TypeResolver(context, context.ScopeOf(module.Symbol), owner, scope, null, module.Bag)
        {
            InTrait = trait,
            ImplicitBounds = scope,
            // What a callback fails with is up to whoever passes it.
            Payloads = _ => new Type.Variable(scope.AddUnnamed()),
            SignatureHole = hasOwnBody && !function.IsPublic ? (kind, span) => Hole(holes, kind, span, false) : null,
        };
        Bounds.Announce(signature.Where, scope, resolver);
        var allowsBareSelf = owner is null;
        var parameters = Parameters.Bind(function.Name, signature, resolver, allowsBareSelf ? selfType : null, module);
        resolver.ImplicitBounds = null;
        resolver.Payloads = hasOwnBody ? span => Hole(holes, VariableKind.Type, span, true) : null;
        function.Effects = resolver.Effects(signature.Effects);
        function.Result = Result(function, signature.Result, resolver, module);
        function.Bounds = [.. outerBounds, .. Bounds.Bind(signature.Where, scope, resolver, module), .. scope.Extra];
        function.RowBounds = Bounds.Rows(signature.Where, scope, resolver, module);
        function.TypeVariables = scope.Complete();
        function.Holes = [.. holes];
        function.Parameters = MarkWith(function, parameters, module);
        UnconstrainedTail(function, scope, module);
        Attributes(function, module);
        if (function.IsExtern) Marshalled(function, module);
        if (signature.Parameters.Any(p => p.Default is not null)) function.Parameters = Defaults(function, signature, module);
    }

    private static Type.Meta Hole(List<SignatureHole> holes, VariableKind kind, TextSpan span, bool isPayload)
    {
        var cell = new MetaVariable(holes.Count, kind) { IsHole = true };
        holes.Add(new SignatureHole(cell, span, isPayload));
        return new Type.Meta(cell);
    }

    private static Type Result(FunctionSymbol function, TypeSyntax syntax, TypeResolver resolver, ModuleContents module)
    {
        if (syntax is not TypeSyntax.Hole hole || resolver.SignatureHole is not null) return resolver.Resolve(syntax);
        module.Bag.Error("E0801", module.At(hole.Span), $"`{function.Name}` needs its result type written out", "`_` leaves it out");
        return new Type.Error();
    }

    /// <summary><c>@with</c> on the function means its last parameter.</summary>
    private static ImmutableArray<ParameterSymbol> MarkWith(FunctionSymbol function, ImmutableArray<ParameterSymbol> parameters, ModuleContents module)
    {
        for (var i = 0; i < parameters.Length - 1; i++)
            if (parameters[i].IsWith) module.Bag.Error("E0012", module.At(parameters[i].Span), "`@with` is valid on the last parameter only");
        if (function.Declaration?.Header.Annotations.Any(a => a.Name.Text == "with") != true) return parameters;
        if (!parameters.IsEmpty) return parameters.SetItem(parameters.Length - 1, parameters[^1] with { IsWith = true });
        module.Bag.Error("E0012", module.At(function.Span), $"`@with` on `{function.Name}` needs a parameter");
        return parameters;
    }

    /// <summary>A row variable that no argument determines could stand for anything (7.1.5).</summary>
    private static void UnconstrainedTail(FunctionSymbol function, SignatureScope scope, ModuleContents module)
    {
        if (function.Effects.Tail is not Type.Variable(var tail) || !scope.IsOwn(tail)) return;
        foreach (var parameter in function.Parameters)
            if (TypeWalk.Mentions(parameter.Type, tail)) return;
        module.Bag.Error("E0001", module.At(function.Signature!.Effects.Span), $"effect variable `{tail.Name}` is unconstrained", "no parameter determines it");
    }

    private static void Attributes(FunctionSymbol function, ModuleContents module)
    {
        foreach (var annotation in function.Declaration?.Header.Annotations ?? [])
        {
            switch (annotation.Name.Text)
            {
                case "unsafe": function.IsUnsafe = true; break;
                case "intrinsic": function.Intrinsic = Annotations.Text(annotation); break;
                case "link" when Annotations.Text(annotation) is { } library: function.Links = function.Links.Add(library); break;
                case "extern":
                    function.IsExtern = true;
                    if (Annotations.Text(annotation) is not { } convention)
                        module.Bag.Error("E0012", module.At(annotation.Span), "@extern requires a calling convention argument", "", "write `@extern(\"c\")`");
                    else if (convention != "c")
                        module.Bag.Error("E0012", module.At(annotation.Span), $"unknown calling convention `{convention}`", "", "write `@extern(\"c\")`");
                    break;
            }
        }
    }

    /// <summary>What C can take and give (9.12.3); everything else is managed by the runtime.</summary>
    private static void Marshalled(FunctionSymbol function, ModuleContents module)
    {
        for (var i = 0; i < function.Parameters.Length; i++)
            if (function.Signature!.Parameters[i].Type is { } written) Refuse(function.Parameters[i].Type, written.Span, isResult: false);
        Refuse(function.Result, function.Signature!.Result.Span, isResult: true);
        if (function.Effects.Entries.Any(e => e.Effect is { IsFail: true }))
            module.Bag.Error("E0012", module.At(function.Signature!.Effects.Span), $"foreign function `{function.Name}` cannot `Fail`", "", "give back a number and turn it into a failure in Kea");

        void Refuse(Type type, TextSpan span, bool isResult)
        {
            if (IsMarshalled(type, isResult)) return;
            var help = type.Resolved is Type.Named { Symbol.Builtin: BuiltinType.String }
                ? isResult ? "take `Ptr UInt8` and use `Text.from_c_str`" : "take `Ptr UInt8` and pass `Text.as_ptr(s)`"
                : "numbers, `Bool`, `Char` and `Ptr` cross into C";
            module.Bag.Error("E0012", module.At(span), $"type `{TypePrinter.Text(type)}` cannot {(isResult ? "come from" : "be passed to")} a foreign function", "", help);
        }
    }

    private static bool IsMarshalled(Type type, bool isResult) => type.Resolved switch
    {
        Type.Error => true,
        Type.Named { Symbol.Builtin: BuiltinType.Unit } => isResult,
        Type.Named { Symbol.Builtin: BuiltinType.Never } => isResult,
        Type.Named { Symbol.Builtin: BuiltinType.Bool or BuiltinType.Char or BuiltinType.Ptr } => true,
        Type.Named { Symbol.Builtin: BuiltinType.Float16 } => false,
        _ => Numbers.IsNumber(type),
    };

    /// <summary>A function for each default, over the parameters before it; what it performs is bounded by the function's own row.</summary>
    private static ImmutableArray<ParameterSymbol> Defaults(FunctionSymbol function, Signature signature, ModuleContents module)
    {
        var parameters = function.Parameters;
        for (var i = 0; i < parameters.Length; i++)
        {
            if (signature.Parameters[i].Default is not { } value) continue;
            var symbol = new FunctionSymbol($"{function.Name}.{parameters[i].Name}", $"{function.QualifiedName}.default.{parameters[i].Name}", function.Module)
            {
                Origin = FunctionOrigin.ParameterDefault,
                OwnerType = function.OwnerType,
                OwnerTrait = function.OwnerTrait,
                OwnerImplementation = function.OwnerImplementation,
                TypeVariables = function.TypeVariables,
                Parameters = parameters[..i],
                Effects = function.Effects,
                Bounds = function.Bounds,
                Result = parameters[i].Type,
                Signature = signature with { Parameters = signature.Parameters[..i] },
                Body = value,
                Span = value.Span,
            };
            parameters = parameters.SetItem(i, parameters[i] with { Default = symbol });
        }
        return parameters;
    }

    private static void Test(FunctionSymbol function, BindContext context)
    {
        var unit = context.Builtins.Plain(BuiltinType.Unit);
        function.Result = unit;
        function.Effects = new Row(
            [.. context.Builtins.Effects.Values.Where(e => e.IsCapability).OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => new RowEntry(e.Name, e, unit))], null);
    }
}
