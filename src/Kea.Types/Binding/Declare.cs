using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>First phase: makes a symbol for every declaration of a module and reports names that are declared twice.</summary>
/// <remarks>Needs nothing of other modules, so modules are declared in parallel. Types are filled in by later phases.</remarks>
internal static class Declare
{
    public static void Module(ModuleContents module, Builtins builtins)
    {
        foreach (var declaration in module.Symbol.Tree.Declarations) FileScope(module, declaration, builtins);
        MergedNames(module);
    }

    private static void FileScope(ModuleContents module, Declaration declaration, Builtins builtins)
    {
        switch (declaration)
        {
            case Declaration.Use use: module.Uses.Add(use); break;
            case Declaration.Function function: Function(module, function); break;
            case Declaration.Const constant: Const(module, constant, null); break;
            case Declaration.Trait trait: Trait(module, trait); break;
            case Declaration.Implementation implementation: module.Implementations.Add(implementation); break;
            case Declaration.Test test: Test(module, test); break;
            case Declaration.Struct or Declaration.Enum or Declaration.Alias or Declaration.Opaque or Declaration.Effect:
                Named(module, declaration, null, builtins);
                break;
            case Declaration.Error: break;
        }
    }

    /// <summary>Declarations that may also be nested in a struct.</summary>
    private static void Named(ModuleContents module, Declaration declaration, TypeSymbol? outer, Builtins builtins)
    {
        switch (declaration)
        {
            case Declaration.Struct structure: Struct(module, structure, outer, builtins); break;
            case Declaration.Enum enumeration: Enum(module, enumeration, outer); break;
            case Declaration.Opaque opaque: NewType(module, opaque.Name, TypeKind.Opaque, opaque, opaque.Parameters, outer); break;
            case Declaration.Alias alias: Alias(module, alias, outer); break;
            case Declaration.Effect effect: Effect(module, effect, outer, builtins); break;
        }
    }

    private static void Function(ModuleContents module, Declaration.Function declaration)
    {
        var symbol = OneFunction(module, declaration, null);
        if (declaration.Name.IsMissing) return;
        if (module.Symbol.Functions.TryAdd(declaration.Name.Text, symbol))
        {
            if (declaration.Header.Annotations.Any(a => a.Name.Text == "test") && declaration.Signature.Parameters.IsEmpty)
                module.Symbol.Tests.Add(new TestSymbol(symbol.Name, [], false, 1, symbol, symbol.Span));
            return;
        }
        module.Bag.Error("E0012", module.At(declaration.Name.Span), $"duplicate function `{declaration.Name.Text}`", "declared a second time",
            "there is no overloading; give one of them another name", new Label(module.At(module.Symbol.Functions[declaration.Name.Text].Span), "first declared here"));
    }

    /// <summary>A function by itself, which is entered nowhere.</summary>
    public static FunctionSymbol OneFunction(ModuleContents module, Declaration.Function declaration, TypeSymbol? owner)
    {
        var symbol = NewFunction(module, declaration, owner is null ? $"{module.Prefix}.{declaration.Name.Text}" : $"{module.Prefix}.{owner.Name}.{declaration.Name.Text}");
        symbol.OwnerType = owner;
        return symbol;
    }

    private static FunctionSymbol NewFunction(ModuleContents module, Declaration.Function declaration, string qualifiedName)
    {
        var symbol = new FunctionSymbol(declaration.Name.Text, qualifiedName, module.Symbol)
        {
            Origin = FunctionOrigin.Written,
            Declaration = declaration,
            Signature = declaration.Signature,
            Body = declaration.Body,
            Span = declaration.Name.Span,
            IsPublic = declaration.Header.IsPublic,
            Deprecation = Annotations.Deprecation(declaration.Header),
        };
        module.Functions.Add(symbol);
        return symbol;
    }

    private static void Const(ModuleContents module, Declaration.Const declaration, TypeSymbol? owner)
    {
        var name = declaration.Name.Text;
        var symbol = new ConstSymbol(name, $"{module.Prefix}.{(owner is null ? "" : owner.Name + ".")}{name}", module.Symbol)
        {
            Owner = owner,
            Value = declaration.Value,
            Span = declaration.Name.Span,
            IsPublic = declaration.Header.IsPublic || owner is { IsPublic: true },
            Declaration = declaration,
            Deprecation = Annotations.Deprecation(declaration.Header),
        };
        module.Consts.Add(symbol);
        if (declaration.Name.IsMissing) return;
        if (!(owner?.Consts ?? module.Symbol.Consts).TryAdd(name, symbol))
            module.Bag.Error("E0012", module.At(declaration.Name.Span), $"duplicate const `{name}`", "declared a second time");
    }

    private static void Trait(ModuleContents module, Declaration.Trait declaration)
    {
        var symbol = new TraitSymbol(declaration.Name.Text, module.Symbol) { Declaration = declaration, IsPublic = declaration.Header.IsPublic };
        if (declaration.Name.IsMissing) return;
        if (!module.Symbol.Traits.TryAdd(symbol.Name, symbol))
        {
            module.Bag.Error("E0012", module.At(declaration.Name.Span), $"duplicate trait `{symbol.Name}`", "declared a second time");
            return;
        }
        foreach (var method in declaration.Methods)
        {
            var function = NewFunction(module, method, $"{module.Prefix}.{symbol.Name}.{method.Name.Text}");
            function.OwnerTrait = symbol;
            function.IsPublic = symbol.IsPublic;
            if (method.Body is not null) function.Origin = FunctionOrigin.TraitDefault;
            if (!method.Name.IsMissing && !symbol.Methods.TryAdd(function.Name, function))
                module.Bag.Error("E0012", module.At(method.Name.Span), $"duplicate method `{function.Name}` in trait `{symbol.Name}`", "declared a second time");
        }
    }

    private static void Test(ModuleContents module, Declaration.Test declaration)
    {
        var name = $"test {module.Symbol.Tests.Count}";
        var function = new FunctionSymbol(name, $"{module.Prefix}.{name}", module.Symbol)
        {
            Origin = FunctionOrigin.Test,
            Body = declaration.Body,
            Span = declaration.TitleSpan,
        };
        module.Functions.Add(function);
        var iterations = declaration.Iterations ?? (declaration.IsProperty ? 100 : 1);
        module.Symbol.Tests.Add(new TestSymbol(declaration.Title, [.. declaration.Tags.Select(t => t.Text)], declaration.IsProperty,
            (int)Math.Clamp(iterations, 1, int.MaxValue), function, declaration.TitleSpan));
    }

    private static void Struct(ModuleContents module, Declaration.Struct declaration, TypeSymbol? outer, Builtins builtins)
    {
        var symbol = NewType(module, declaration.Name, TypeKind.Struct, declaration, declaration.Parameters, outer);
        var fields = new HashSet<string>();
        foreach (var field in declaration.Fields)
            if (!fields.Add(field.Name.Text))
                module.Bag.Error("E0003", module.At(field.Name.Span), $"duplicate field `{field.Name.Text}` in struct `{symbol.Name}`", "declared a second time");
        foreach (var member in declaration.Members)
        {
            switch (member)
            {
                case Declaration.Function function: Method(module, function, symbol); break;
                case Declaration.Const constant: Const(module, constant, symbol); break;
                default: Named(module, member, symbol, builtins); break;
            }
        }
    }

    private static void Method(ModuleContents module, Declaration.Function declaration, TypeSymbol owner)
    {
        // A method is as visible as its type unless it says otherwise; `pub` on members only matters for unmarked types.
        var symbol = OneFunction(module, declaration, owner);
        if (declaration.Name.IsMissing) return;
        if (!owner.Methods.TryAdd(symbol.Name, symbol))
            module.Bag.Error("E0012", module.At(declaration.Name.Span), $"duplicate method `{symbol.Name}` in `{owner.Name}` block", "declared a second time", null,
                new Label(module.At(owner.Methods[symbol.Name].Span), "first declared here"));
    }

    private static void Enum(ModuleContents module, Declaration.Enum declaration, TypeSymbol? outer)
    {
        var symbol = NewType(module, declaration.Name, TypeKind.Enum, declaration, declaration.Parameters, outer);
        var variants = ImmutableArray.CreateBuilder<VariantSymbol>(declaration.Variants.Length);
        var seen = new HashSet<string>();
        foreach (var variant in declaration.Variants)
        {
            if (variant.Name.IsMissing) continue;
            if (!seen.Add(variant.Name.Text))
            {
                module.Bag.Error("E0001", module.At(variant.Name.Span), $"duplicate variant `{variant.Name.Text}` in enum `{symbol.Name}`", "declared a second time");
                continue;
            }
            if (!module.IsStandard && IsBuiltinConstructor(variant.Name.Text))
                module.Bag.Error("E0001", module.At(variant.Name.Span), $"variant `{variant.Name.Text}` shadows a builtin constructor", "choose another name");
            var variantSymbol = new VariantSymbol(variant.Name.Text, symbol, variants.Count);
            variants.Add(variantSymbol);
            var table = outer is null ? module.Constructors : module.NestedConstructors;
            if (!table.TryGetValue(variantSymbol.Name, out var same)) table.Add(variantSymbol.Name, same = []);
            same.Add(variantSymbol);
        }
        symbol.Variants = variants.DrainToImmutable();
        foreach (var member in declaration.Members)
            if (member is Declaration.Function function) Method(module, function, symbol);
    }

    private static bool IsBuiltinConstructor(string name) => name is "Some" or "None" or "Ok" or "Err";

    private static TypeSymbol NewType(ModuleContents module, Name name, TypeKind kind, Declaration declaration, ImmutableArray<TypeParameter> parameters, TypeSymbol? outer)
    {
        var fullName = outer is null ? name.Text : $"{outer.Name}.{name.Text}";
        var symbol = new TypeSymbol(fullName, module.Symbol, kind)
        {
            Declaration = declaration,
            IsPublic = declaration.Header.IsPublic,
            Outer = outer,
            Deprecation = Annotations.Deprecation(declaration.Header),
            Parameters = Parameters(module, parameters),
            IsUnboxed = declaration.Header.Annotations.Any(a => a.Name.Text == "unboxed"),
        };
        module.Types.Add(symbol);
        // The rules of Unique attach to the name (3.23), so a program's own declaration has them too.
        if (fullName == "Unique") symbol.Builtin = BuiltinType.Unique;
        if (!name.IsMissing && !IsTaken(module, name, fullName) && !(outer?.NestedTypes ?? module.Symbol.Types).TryAdd(name.Text, symbol)) AlreadyDefined(module, name);
        return symbol;
    }

    private static void Alias(ModuleContents module, Declaration.Alias declaration, TypeSymbol? outer)
    {
        var name = declaration.Name.Text;
        var fullName = outer is null ? name : $"{outer.Name}.{name}";
        var symbol = new AliasSymbol(fullName, module, declaration, outer) { Parameters = Parameters(module, declaration.Parameters) };
        if (declaration.Name.IsMissing || IsTaken(module, declaration.Name, fullName)) return;
        if ((outer?.NestedTypes ?? module.Symbol.Types).ContainsKey(name) || !module.Aliases.TryAdd(fullName, symbol)) AlreadyDefined(module, declaration.Name);
    }

    /// <summary>Reports a reserved name, or a type name that an alias has.</summary>
    private static bool IsTaken(ModuleContents module, Name name, string fullName)
    {
        if (!module.IsStandard && Builtins.IsReserved(name.Text))
        {
            module.Bag.Error("E0001", module.At(name.Span), $"type `{name.Text}` is already defined: its name is reserved", "choose another name");
            return true;
        }
        if (!module.Aliases.ContainsKey(fullName)) return false;
        AlreadyDefined(module, name);
        return true;
    }

    private static void AlreadyDefined(ModuleContents module, Name name) =>
        module.Bag.Error("E0001", module.At(name.Span), $"type `{name.Text}` is already defined", "declared a second time");

    private static void Effect(ModuleContents module, Declaration.Effect declaration, TypeSymbol? outer, Builtins builtins)
    {
        var name = declaration.Name.Text;
        if (declaration.Name.IsMissing) return;
        var fullName = outer is null ? name : $"{outer.Name}.{name}";
        var isBuiltin = outer is null && BuiltinEffects.IsBuiltinName(name) && (module.IsStandard || BuiltinEffects.Denotes(declaration));
        var symbol = isBuiltin ? builtins.Effects[name] : new EffectSymbol(fullName, module.Symbol)
        {
            IsPublic = declaration.Header.IsPublic,
            Declaration = declaration,
            Parameters = Parameters(module, declaration.Parameters),
        };
        if (!module.Symbol.Effects.TryAdd(fullName, symbol))
        {
            module.Bag.Error("E0012", module.At(declaration.Name.Span), $"duplicate effect `{name}`", "declared a second time");
            return;
        }
        if (isBuiltin && symbol.IsFail && declaration.Parameters.IsEmpty && declaration.Operations is [var operation]) module.FailOperation = operation;
        if (!isBuiltin || module.IsStandard) module.Effects.Add((symbol, declaration, outer));
    }

    /// <summary>Variables for declared type parameters; kinds that are not stated are found by <see cref="Kinds"/>.</summary>
    public static ImmutableArray<TypeVariable> Parameters(ModuleContents module, ImmutableArray<TypeParameter> parameters)
    {
        if (parameters.IsEmpty) return [];
        var variables = ImmutableArray.CreateBuilder<TypeVariable>(parameters.Length);
        foreach (var parameter in parameters)
        {
            for (var i = 0; i < variables.Count; i++)
                if (variables[i].Name == parameter.Name.Text)
                    module.Bag.Error("E0012", module.At(parameter.Name.Span), $"duplicate type parameter `{parameter.Name.Text}`");
            variables.Add(new TypeVariable(parameter.Name.Text, parameter.Kind == "Eff" ? VariableKind.EffectRow : VariableKind.Type));
        }
        return variables.MoveToImmutable();
    }

    /// <summary>A module and a type named like it share one namespace (2.1.7).</summary>
    private static void MergedNames(ModuleContents module)
    {
        if (!module.Symbol.Types.TryGetValue(module.Symbol.LastSegment, out var merged)) return;
        foreach (var (name, method) in merged.Methods)
            if (module.Symbol.Functions.ContainsKey(name))
                module.Bag.Error("E0012", module.At(method.Span), $"method `{name}` conflicts with a file-scope function of the same name",
                    $"`{merged.Name}` and its module are one namespace");
    }
}
