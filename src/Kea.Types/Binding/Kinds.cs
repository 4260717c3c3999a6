using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;

namespace Kea.Types.Binding;

/// <summary>
/// Finds the kinds of declared type parameters (6.9): a parameter used inside <c>-[…]></c> is an effect row, one after the bar of a
/// record is a record row, one passed on to a parameter has that parameter's kind, any other is a type.
/// </summary>
/// <remarks>Goes over the generic declarations until nothing changes; as a rule that is twice, since kinds rarely pass through several types.</remarks>
internal static class Kinds
{
    public static void Infer(BindContext context)
    {
        var declarations = new List<Generic>();
        foreach (var module in context.Fresh) Collect(module, declarations);
        if (declarations.Count == 0) return;
        var doubtful = new List<Generic>();
        bool changed;
        do
        {
            changed = false;
            doubtful.Clear();
            foreach (var declaration in declarations)
            {
                var walk = new Walk(context, declaration);
                changed |= walk.Run();
                if (walk.SawOther) doubtful.Add(declaration);
            }
        }
        while (changed);
        foreach (var declaration in doubtful)
            if (declaration.IsReported) new Walk(context, declaration) { Reports = true }.Run();
    }

    /// <summary>The kind that a <c>forall</c> variable's uses show.</summary>
    public static VariableKind OfVariable(string name, TypeSyntax body)
    {
        var kind = VariableKind.Type;
        SyntaxUses.InType(body, new SyntaxUses.Visitor((used, position, _) =>
        {
            if (used == name && position != VariableKind.Type) kind = position;
        }, null));
        return kind;
    }

    /// <summary>A declaration with parameters: their variables, which of them have a stated kind, and the types to look at.</summary>
    private sealed record Generic(ModuleContents Module, string Name, TypeSymbol? Owner, ImmutableArray<TypeVariable> Variables, ImmutableArray<TypeParameter> Stated, ImmutableArray<Part> Parts)
    {
        /// <summary>Operations and methods are left to the resolver, which sees the variables of their own too.</summary>
        public bool IsReported { get; init; } = true;
    }

    private static void Collect(ModuleContents module, List<Generic> declarations)
    {
        foreach (var type in module.Types)
        {
            if (type.Parameters.IsEmpty) continue;
            switch (type.Declaration)
            {
                case Declaration.Struct s:
                    declarations.Add(new(module, type.Name, type, type.Parameters, s.Parameters, [.. s.Fields.Select(f => new Part(f.Name.Text, "", f.Type, null))]));
                    break;
                case Declaration.Enum e:
                    declarations.Add(new(module, type.Name, type, type.Parameters, e.Parameters,
                        [.. e.Variants.SelectMany(v => v.Fields.Select(f => new Part(f.Name?.Text ?? "", v.Name.Text, f.Type, null)))]));
                    break;
                case Declaration.Opaque o:
                    declarations.Add(new(module, type.Name, type, type.Parameters, o.Parameters, [new Part("", "", o.Target, null)]));
                    break;
            }
        }
        foreach (var alias in module.Aliases.Values)
            if (!alias.Parameters.IsEmpty)
                declarations.Add(new(module, alias.Name, alias.Outer, alias.Parameters, alias.Declaration.Parameters,
                    [alias.Declaration.Target is TypeSyntax.EffectList list ? new Part("", "", null, list.Row) : new Part("", "", alias.Declaration.Target, null)]));
        foreach (var (effect, declaration, outer) in module.Effects)
            if (!effect.Parameters.IsEmpty)
                declarations.Add(new(module, effect.Name, outer, effect.Parameters, declaration.Parameters, [.. declaration.Operations.SelectMany(o => Parts(o))]) { IsReported = false });
        foreach (var trait in module.Symbol.Traits.Values)
            if (trait.Declaration is { Parameters.IsEmpty: false } declared)
            {
                trait.Parameters = Declare.Parameters(module, declared.Parameters);
                declarations.Add(new(module, trait.Name, null, trait.Parameters, declared.Parameters, [.. declared.Methods.SelectMany(o => Parts(o))]) { IsReported = false });
            }
    }

    private static IEnumerable<Part> Parts(Declaration.Function function)
    {
        foreach (var parameter in function.Signature.Parameters) yield return new Part("", function.Name.Text, parameter.Type, null);
        yield return new Part("", function.Name.Text, function.Signature.Result, null);
        yield return new Part("", function.Name.Text, null, function.Signature.Effects);
    }

    /// <summary>A type or row to look at, with the field and the variant or function that it belongs to; empty where there is none.</summary>
    private readonly record struct Part(string Field, string Of, TypeSyntax? Type, EffectRowSyntax? Row)
    {
        public string Place => (Field.Length, Of.Length) switch
        {
            (0, 0) => "its target",
            (0, _) => $"`{Of}`",
            (_, 0) => $"field `{Field}`",
            _ => $"field `{Field}` of `{Of}`",
        };
    }

    private sealed class Walk(BindContext context, Generic declaration)
    {
        private bool _changed;
        private Part _part;
        /// <summary>A use was of another kind than the variable's.</summary>
        public bool SawOther { get; private set; }
        public bool Reports { get; init; }

        public bool Run()
        {
            var visitor = new SyntaxUses.Visitor(Use, KindsOf);
            foreach (var part in declaration.Parts)
            {
                _part = part;
                if (part.Type is not null) SyntaxUses.InType(part.Type, visitor);
                if (part.Row is not null) SyntaxUses.InRow(part.Row, visitor);
            }
            return _changed;
        }

        private void Use(string name, VariableKind kind, TextSpan span)
        {
            for (var i = 0; i < declaration.Variables.Length; i++)
            {
                var variable = declaration.Variables[i];
                if (variable.Name != name || variable.Kind == kind) continue;
                SawOther = true;
                if (Reports)
                    declaration.Module.Bag.Error("E0001", declaration.Module.At(span),
                        $"kind mismatch: parameter `{name}` of `{declaration.Name}` is used as {TypeResolver.KindName(kind)} in {_part.Place} but is {TypeResolver.KindName(variable.Kind)}");
                else if (kind != VariableKind.Type && variable.Kind == VariableKind.Type && declaration.Stated[i].Kind is null)
                {
                    variable.Kind = kind;
                    _changed = true;
                }
            }
        }

        /// <summary>The kinds that a type constructor's arguments have, so far as they are known.</summary>
        private ImmutableArray<TypeVariable> KindsOf(PathName path)
        {
            var found = TypeLookup.Find(path, context.ScopeOf(declaration.Module.Symbol), context.Table, declaration.Owner, out _);
            return found is [var only] ? only.Type?.Parameters ?? only.Alias!.Parameters : [];
        }
    }
}
