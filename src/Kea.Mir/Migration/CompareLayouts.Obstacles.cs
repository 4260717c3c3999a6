using System.Collections.Immutable;
using Kea.Types;

namespace Kea.Mir;

/// <summary>What no row of the table covers, said with the exact field and a way out.</summary>
internal sealed partial class CompareLayouts
{
    private const string LayoutRule = "L012", WrittenRule = "L013";

    private MigrationStep Differs(ClosedType from, ClosedType to, StatePlace place)
    {
        var (was, now) = (Text(from), Text(to));
        return Differs(from, to, place, was == now
            ? $"{place.Subject} is {now}, whose layout changed in a way that cannot be migrated"
            : $"{place.Subject} changed from {was} to {now}");
    }

    private MigrationStep KindDiffers(ClosedType.Nominal from, ClosedType.Nominal to, StatePlace place) =>
        Differs(from, to, place, $"{place.Subject} holds '{Text(to)}', which changed from {KindOf(from)} to {KindOf(to)}");

    private MigrationStep KeyDiffers(ClosedType from, ClosedType to, ClosedType oldKey, ClosedType newKey, StatePlace place)
    {
        var (was, now) = (Text(oldKey), Text(newKey));
        return Differs(from, to, place, was == now
            ? $"the key of {place.Subject} is '{now}', whose layout changed: entries could not be found again"
            : $"the key of {place.Subject} changed from {was} to {now}");
    }

    private MigrationStep FunctionDiffers(ClosedType from, ClosedType to, StatePlace place)
    {
        var (was, now) = (Text(from), Text(to));
        return Differs(from, to, place, was == now
            ? $"{place.Subject} is a function ({now}) that takes or gives values whose layout changed"
            : $"{place.Subject} changed from {was} to {now}");
    }

    private MigrationStep Differs(ClosedType from, ClosedType to, StatePlace place, string sentence)
    {
        Obstacle(LayoutRule, place, Text(from), Text(to), sentence, place.IsTop ? StateWayOut(from, to) : WayOut(place));
        return MigrationStep.Same;
    }

    private void NothingToAdd(ClosedType type, StatePlace place)
    {
        var text = Text(type);
        Obstacle(LayoutRule, place, "", text, $"{place.Subject} ({text}) was added and has no value for state that is there already",
            $"give it `@default(…)`, make it `Option {(text.Contains(' ') && !text.StartsWith('(') ? $"({text})" : text)}`, or {WayOut(place)}");
    }

    private void VariantGone(VariantSymbol variant, ClosedType.Nominal to, StatePlace place)
    {
        var owner = to.Symbol.Name;
        Obstacle(LayoutRule, place.In(owner, variant.Name, ModuleOf(to), null), variant.Name, "", $"variant '{variant.Name}' of '{owner}' was removed",
            $"keep it, or {VariantWayOut(variant, to)}");
    }

    private void PositionsDiffer(VariantSymbol before, VariantSymbol after, ClosedType.Nominal to, StatePlace place)
    {
        var owner = to.Symbol.Name;
        Obstacle(LayoutRule, place.In(owner, before.Name, ModuleOf(to), null), $"{before.Fields.Length}", $"{after.Fields.Length}",
            $"variant '{before.Name}' of '{owner}' has {after.Fields.Length} fields instead of {before.Fields.Length}, and not all of them have names to match by",
            $"name its fields, or {VariantWayOut(before, to)}");
    }

    private static string VariantWayOut(VariantSymbol variant, ClosedType.Nominal to)
    {
        var row = string.Join(", ", variant.Fields.Where(f => f.Name is not null).Select(f => $"{f.Name}: {TypePrinter.Text(f.Type)}"));
        return $"write `fn code_change_{variant.Name}(_ old: {{ {(row.Length == 0 ? "" : row + " ")}| r }}) -> {Text(to)}` in module {ModuleOf(to)}";
    }

    /// <summary>For a state that has become one of another type.</summary>
    private string StateWayOut(ClosedType from, ClosedType to)
    {
        if (to is not ClosedType.Nominal { Symbol.Module: { Origin: ModuleOrigin.Project } module } || !old.Shapes.IsProduct(old.Shapes.Unwrap(from)) || from is ClosedType.Tuple)
            return "keep the type as it was, or restart";
        var fields = old.Shapes.FieldsOf(old.Shapes.Unwrap(from));
        return $"write `fn code_change(_ old: {{ {string.Concat(fields.Labels.Select((l, i) => $"{(i == 0 ? "" : ", ")}{l}: {Text(fields.Types[i])}"))} | r }}) -> {Text(to)}` in module {module.Name}";
    }

    private static string WayOut(StatePlace place)
    {
        if (place.IsTop || place.Module.Length == 0 || place.Owner.StartsWith('(') || place.Owner.StartsWith('{')) return "keep the type as it was, or restart";
        var dot = place.Owner.LastIndexOf('.');
        var (name, result) = place.Owner[(dot + 1)..] is var last && dot > 0 ? ($"code_change_{last}", place.Owner[..dot]) : ("code_change", place.Owner);
        var row = place.Runs is null ? "" : $"{place.Field}: {place.Runs} ";
        return $"write `fn {name}(_ old: {{ {row}| r }}) -> {result}` in module {place.Module}";
    }

    private void Obstacle(string rule, StatePlace place, string oldType, string newType, string sentence, string wayOut) =>
        _obstacles.Add(new MigrationObstacle(rule, place.Owner, place.Path, place.Field, oldType, newType, sentence, wayOut));

    private static string ModuleOf(ClosedType.Nominal type) => type.Symbol.Module?.Name ?? "";

    private static string KindOf(ClosedType.Nominal type) => type.Symbol.Kind switch
    {
        TypeKind.Struct => "a struct",
        TypeKind.Enum => "an enum",
        TypeKind.Opaque => "an opaque type",
        TypeKind.Primitive => "a primitive type",
    };
}
