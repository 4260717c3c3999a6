using System.Collections.Immutable;
using Kea.Source;
using Kea.Syntax;
using Kea.Types.Inference;

namespace Kea.Types.Binding;

/// <summary>Record rows, effect rows and associated types.</summary>
internal sealed partial class TypeResolver
{
    /// <summary>The labels of a row, whatever its tail.</summary>
    public Row Fields(TypeSyntax.Record syntax) => RecordRow(syntax with { Tail = null });

    private Row RecordRow(TypeSyntax.Record syntax)
    {
        var entries = new List<RowEntry>(syntax.Fields.Length);
        foreach (var field in syntax.Fields)
        {
            var type = Resolve(field.Type);
            if (entries.Exists(e => e.Label == field.Name.Text))
                bag.Error("E0003", scope.Contents.At(field.Name.Span), $"duplicate field `{field.Name.Text}` in record type", "declared a second time");
            else if (!field.Name.IsMissing) entries.Add(new RowEntry(field.Name.Text, null, type));
        }
        entries.Sort(CompareEntries);
        var tail = syntax.Tail is { } name ? RecordTail(name) : null;
        if (tail is Type.Variable(var variable))
            foreach (var entry in entries) variable.Lacks.Add(entry.Label);
        return new Row([.. entries], tail);
    }

    private Type? RecordTail(Name name)
    {
        if (name.Text == "_") return Hole(name.Span, VariableKind.RecordRow);
        if (variables.Variable(name.Text, VariableKind.RecordRow) is not { } variable)
            return Error("E0005", name.Span, $"unknown type `{name.Text}`", "a row variable must be a parameter of the declaration");
        return variable.Kind == VariableKind.RecordRow ? new Type.Variable(variable) : WrongKind(variable, VariableKind.RecordRow, name.Span);
    }

    /// <summary>An argument where a row is expected.</summary>
    private Type RowArgument(TypeSyntax syntax, TypeVariable parameter)
    {
        if (syntax is TypeSyntax.Hole written)
            return Hole(written.Span, parameter.Kind);
        var name = syntax switch
        {
            TypeSyntax.Variable { Arguments.IsEmpty: true } lower => lower.Name.Text,
            TypeSyntax.Named { Arguments.IsEmpty: true, Path.Parts: [var upper] } => upper.Text,
            _ => null,
        };
        if (name is not null)
        {
            var known = variables.Variable(name, null);
            if (known is null && (syntax is TypeSyntax.Variable || (TypeLookup.IsVariableShape(name) && scope.TypeNames(name).IsEmpty)))
                known = variables.Variable(name, parameter.Kind);
            if (known is not null)
                return known.Kind == parameter.Kind ? new Type.RowArgument(new Row([], new Type.Variable(known))) : WrongKind(known, parameter.Kind, syntax.Span);
        }
        switch (syntax, parameter.Kind)
        {
            case (TypeSyntax.EffectList list, VariableKind.EffectRow):
                return new Type.RowArgument(Effects(list.Row));
            case (TypeSyntax.Named named, VariableKind.EffectRow) when TypeLookup.Find(named.Path, scope, context.Table, owner, out _) is not [{ Type: not null }] || !scope.Effects(named.Path.ToString()).IsEmpty:
                return new Type.RowArgument(Effects(new EffectRowSyntax(true, [new EffectItemSyntax(named.Path, named.Arguments, named.Span)], null, false, named.Span)));
            case (_, VariableKind.RecordRow):
                if (Resolve(syntax) is var type && type is Type.Record(var row)) return new Type.RowArgument(row);
                return type is Type.Error ? type : Error("E0001", syntax.Span, $"kind mismatch: parameter `{parameter.Name}` expects a record row");
            default:
                return Error("E0001", syntax.Span, $"kind mismatch: parameter `{parameter.Name}` expects an effect row");
        }
    }

    public Row Effects(EffectRowSyntax syntax)
    {
        if (syntax.Items.IsEmpty && syntax.Tail is null) return Row.Empty;
        var entries = new List<RowEntry>(syntax.Items.Length);
        Type? tail = null;
        for (var i = 0; i < syntax.Items.Length; i++)
        {
            var item = syntax.Items[i];
            if (item.Path.Parts.IsEmpty || item.Path.Last.IsMissing) continue;
            if (IsVariableItem(item)) SetTail(ref tail, VariableTail(item.Path.Last, i == syntax.Items.Length - 1 && syntax.Tail is null), item.Span);
            else Item(item, entries, ref tail);
        }
        if (syntax.Tail is { } name) SetTail(ref tail, name.Text == "_" ? Hole(name.Span, VariableKind.EffectRow) : EffectVariable(name), name.Span);
        return new Row(Sorted(entries), tail);
    }

    /// <summary>A lower name, an Upper name that is a variable, or one that may become one.</summary>
    private bool IsVariableItem(EffectItemSyntax item)
    {
        if (item.Path.Parts.Length != 1 || !item.Arguments.IsEmpty) return false;
        var name = item.Path.Last.Text;
        if (char.IsAsciiLetterLower(name[0]) || name[0] == '_') return name is not ("pure" or "volatile" or "impure");
        if (variables.Variable(name, null) is not null) return true;
        return TypeLookup.IsVariableShape(name) && scope.Effects(name).IsEmpty && scope.TypeNames(name).IsEmpty;
    }

    private Type? VariableTail(Name name, bool isLast)
    {
        if (name.Text == "_") return Hole(name.Span, VariableKind.EffectRow);
        return isLast ? EffectVariable(name) : Error("E0006", name.Span, $"effect variable `{name.Text}` must come last in the row");
    }

    private Type EffectVariable(Name name)
    {
        if (variables.Variable(name.Text, VariableKind.EffectRow) is not { } variable) return Error("E0005", name.Span, $"unknown effect `{name.Text}`");
        return variable.Kind == VariableKind.EffectRow ? new Type.Variable(variable) : WrongKind(variable, VariableKind.EffectRow, name.Span);
    }

    private void SetTail(ref Type? tail, Type? next, TextSpan span)
    {
        if (next is null or Type.Error) return;
        // Two row variables cannot be told apart once they are in one row, so a row has one tail.
        if (tail is not null && !(tail is Type.Variable(var a) && next is Type.Variable(var b) && ReferenceEquals(a, b)))
            bag.Error("E0001", scope.Contents.At(span), "an effect row can have one variable only");
        else tail = next;
    }

    private void Item(EffectItemSyntax item, List<RowEntry> entries, ref Type? tail)
    {
        var name = item.Path.ToString();
        switch (name)
        {
            case "pure": return;
            case "volatile" or "impure":
                bag.Warning("W1006", scope.Contents.At(item.Span), $"`{name}` is deprecated; it means `IO`", "", "write `IO`");
                Add(entries, new RowEntry("IO", context.Builtins.Effects["IO"], context.Builtins.Plain(BuiltinType.Unit)), item.Span);
                return;
        }
        if (RowAlias(item) is { } alias)
        {
            var row = ExpandRow(alias, item);
            foreach (var entry in row.Entries) Add(entries, entry, item.Span);
            SetTail(ref tail, row.Tail, item.Span);
            return;
        }
        if (Effect(item.Path) is not { } effect) return;
        var payload = Payload(effect, item);
        if (effect is { Name: "State" } && TypeWalk.Mentions(payload, BuiltinType.Unique))
            bag.Error("E0012", scope.Contents.At(item.Span), "State effect payload cannot contain `Unique`");
        Add(entries, new RowEntry(effect.Name, effect, payload), item.Span);
    }

    private AliasSymbol? RowAlias(EffectItemSyntax item) =>
        TypeLookup.Find(item.Path, scope, context.Table, owner, out var hidden) is [{ Alias: { IsEffectRow: true } alias }] && !hidden ? alias : null;

    private Row ExpandRow(AliasSymbol alias, EffectItemSyntax item)
    {
        var target = Aliases.TargetOf(alias, context, bag, scope.Contents.At(item.Path.Span));
        if (item.Arguments.Length != alias.Parameters.Length)
        {
            WrongCount("effect alias", alias.Name, alias.Parameters.Length, item.Arguments.Length, item.Span);
            return Row.Empty;
        }
        if (!alias.Parameters.IsEmpty) target = Substitute.In(target, alias.Parameters, Arguments(item.Arguments, alias.Parameters));
        return target is Type.RowArgument(var row) ? row : Row.Empty;
    }

    /// <summary>The effect that a path names; built-in names need no import (7.2.1).</summary>
    public EffectSymbol? Effect(PathName path)
    {
        ImmutableArray<EffectSymbol> found;
        if (path.Parts.Length == 1)
        {
            found = InnerEffect(path.Last.Text) is { } inner ? [inner] : scope.Effects(path.Last.Text);
            if (found.IsEmpty && context.Builtins.Effects.TryGetValue(path.Last.Text, out var builtin)) return builtin;
        }
        else
        {
            found = QualifiedEffect(path) is { } qualified ? [qualified] : [];
        }
        if (found.Length == 1) return found[0];
        if (found.Length > 1)
            bag.Error("E0001", scope.Contents.At(path.Span), $"ambiguous name `{path}`: {string.Join(", ", found.Select(e => $"`{e.Module?.Name}.{e.Name}`"))}");
        else
            bag.Error("E0005", scope.Contents.At(path.Span), $"unknown effect `{path}`", "",
                EditDistance.Closest(path.Last.Text, scope.NamesInScope.Concat(context.Builtins.Effects.Keys)) is { } closest ? $"did you mean `{closest}`?" : null);
        return null;
    }

    private EffectSymbol? InnerEffect(string name)
    {
        for (var around = owner; around is not null; around = around.Outer)
            if (scope.Module.Effects.TryGetValue($"{around.Name}.{name}", out var inner)) return inner;
        return null;
    }

    private EffectSymbol? QualifiedEffect(PathName path)
    {
        var whole = path.ToString();
        if (scope.Module.Effects.TryGetValue(whole, out var nested)) return nested;
        for (var dot = whole.LastIndexOf('.'); dot > 0; dot = whole.LastIndexOf('.', dot - 1))
        {
            if (scope.FindModule(whole[..dot]) is not { } module || !module.Effects.TryGetValue(whole[(dot + 1)..], out var effect)) continue;
            if (!scope.IsVisible(effect.IsPublic, context.Table.Contents[module])) bag.Error("E0012", scope.Contents.At(path.Span), $"`{path}` is not public in its package");
            return effect;
        }
        return null;
    }

    private Type Payload(EffectSymbol effect, EffectItemSyntax item)
    {
        var unit = context.Builtins.Plain(BuiltinType.Unit);
        var arguments = item.Arguments;
        // A module's own `effect Fail` without parameter says what its failures carry.
        if (effect.IsFail && scope.Contents.FailPayload is { } fixedPayload)
        {
            foreach (var argument in arguments) Resolve(argument);
            return fixedPayload;
        }
        var count = effect.Parameters.Length;
        if (arguments.IsEmpty && count > 0)
            return (hole is not null ? _ => hole(VariableKind.Type) : Payloads) is { } left
                ? count == 1 ? left(item.Span) : new Type.Tuple([.. effect.Parameters.Select(_ => left(item.Span))])
                : Error("E0009", item.Span, $"effect `{effect.Name}` expects {count} type argument{(count == 1 ? "" : "s")} but got 0", $"write what it carries: `{effect.Name} T`");
        if (count == 0)
        {
            if (arguments.Length > 1) WrongCount("effect", effect.Name, 0, arguments.Length, item.Span);
            foreach (var argument in arguments) Resolve(argument);
            return unit;
        }
        if (arguments.Length != count) return WrongCount("effect", effect.Name, count, arguments.Length, item.Span);
        var types = Arguments(arguments, effect.Parameters);
        return count == 1 ? types[0] : new Type.Tuple(types);
    }

    private void Add(List<RowEntry> entries, RowEntry entry, TextSpan span)
    {
        foreach (var other in entries)
        {
            if (other.Effect != entry.Effect) continue;
            if (!TypeEquality.Same(other.Payload, entry.Payload))
                bag.Error("E0001", scope.Contents.At(span), $"effect row contains multiple incompatible `{entry.Label}` entries", "",
                    null, new Label(scope.Contents.At(span), $"`{TypePrinter.Text(other.Payload)}` and `{TypePrinter.Text(entry.Payload)}`"));
            return;
        }
        entries.Add(entry);
    }

    private static ImmutableArray<RowEntry> Sorted(List<RowEntry> entries)
    {
        if (entries.Count > 1) entries.Sort(CompareEntries);
        return [.. entries];
    }

    /// <summary>By label, and effects of one name by module.</summary>
    private static int CompareEntries(RowEntry left, RowEntry right)
    {
        var byLabel = string.CompareOrdinal(left.Label, right.Label);
        return byLabel != 0 ? byLabel : string.CompareOrdinal(left.Effect?.Module?.Name, right.Effect?.Module?.Name);
    }

    private Type Projection(TypeSyntax.Projection syntax)
    {
        if (!syntax.Arguments.IsEmpty) return Error("E0009", syntax.Span, $"associated type `{syntax.Member.Text}` takes no arguments");
        var name = syntax.Base switch
        {
            TypeSyntax.Variable variable => variable.Name.Text,
            TypeSyntax.Named { Path.Parts: [var only] } => only.Text,
            _ => "",
        };
        var target = Resolve(syntax.Base);
        return target is Type.Error ? target : Project(target, name, syntax.Trait, syntax.Member, syntax.Span);
    }

    /// <summary>The associated type <paramref name="member"/> of a type, at once where an implementation in hand fixes it.</summary>
    private Type Project(Type target, string name, Name? traitName, Name member, TextSpan span)
    {
        if (member.IsMissing) return new Type.Error();
        if (name == "Self" && _projecting?.Implementation is { } implementation && implementation.AssociatedTypes.TryGetValue(member.Text, out var assigned)) return assigned;
        TraitSymbol? trait = null;
        if (traitName is { } written)
        {
            trait = Trait(new PathName([written], written.Span));
            if (trait is null) return new Type.Error();
        }
        trait = traitName is null ? TraitOf(name, member.Text) : HasMember(trait!, member.Text);
        if (trait is not null) return new Type.Projection(target, trait, member.Text);
        return Error("E0005", span, $"`{name}` has no associated type `{member.Text}`", "it needs a bound by a trait that declares it");
    }

    private TraitSymbol? TraitOf(string name, string member)
    {
        if (InTrait is not null && name == InTrait.Self.Name && HasMember(InTrait, member) is { } own) return own;
        foreach (var bound in _projecting?.BoundsOf(name) ?? [])
            if (HasMember(bound, member) is { } found) return found;
        if (_projecting?.Implementation is { } implementation && HasMember(implementation.Trait, member) is { } implemented) return implemented;
        if (_projecting is not null && name != "Self") return null;
        // Inside a body the bounds may be out of reach; a name that only one trait declares is clear all the same.
        var candidates = scope.TraitsInScope.Where(t => HasMember(t, member) == t).Take(2).ToArray();
        return candidates.Length == 1 ? candidates[0] : null;
    }

    /// <summary>The trait itself or the supertrait that declares the associated type.</summary>
    private static TraitSymbol? HasMember(TraitSymbol trait, string member)
    {
        foreach (var type in trait.Types)
            if (type.Name == member) return trait;
        foreach (var super in trait.AllSupertraits())
            foreach (var type in super.Types)
                if (type.Name == member) return super;
        return null;
    }
}
