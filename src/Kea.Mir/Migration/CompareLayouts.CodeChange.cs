using System.Collections.Immutable;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Mir;

/// <summary>
/// <c>code_change</c> (10.11.2 a): written by the user for a type of the module, it goes before anything inferred, wherever the type
/// occurs. Its row is checked against the fields that are really there.
/// </summary>
internal sealed partial class CompareLayouts
{
    private const string Name = "code_change";

    private bool IsWritten(ClosedType from, ClosedType to, StatePlace place)
    {
        if (to is not ClosedType.Nominal { Symbol.Module.Origin: ModuleOrigin.Project } nominal) return false;
        if (!place.IsTop && !(from is ClosedType.Nominal before && IsSameName(before, nominal))) return false;
        return from is ClosedType.Nominal { Symbol.Kind: TypeKind.Enum } old
            ? old.Symbol.Variants.Any(v => FunctionFor(nominal, $"{Name}_{v.Name}") is not null)
            : FunctionFor(nominal, Name) is not null;
    }

    private MigrationBody Written(MigrationPair pair, StatePlace place)
    {
        if (pair.From is ClosedType.Nominal { Symbol.Kind: TypeKind.Enum }) return Sum(pair, place);
        var to = (ClosedType.Nominal)pair.To;
        var function = FunctionFor(to, Name)!;
        var inner = old.Shapes.Unwrap(pair.From);
        if (!old.Shapes.IsProduct(inner))
        {
            DoesNotFit(place, to, "", Text(pair.From), "a row", $"`{Name}` asks for fields, and what runs is {Text(pair.From)}");
            return new MigrationBody.Product([]);
        }
        return Change(function, to, old.Shapes.FieldsOf(inner), to.Symbol.Name, place) is { } change ? new MigrationBody.Written(change) : new MigrationBody.Product([]);
    }

    private VariantStep? WrittenFor(VariantSymbol variant, ClosedType.Nominal from, ClosedType.Nominal to, StatePlace place)
    {
        if (to.Symbol.Module is not { Origin: ModuleOrigin.Project } || FunctionFor(to, $"{Name}_{variant.Name}") is not { } function) return null;
        var fields = Labelled(variant, old.Shapes.VariantFieldsOf(from)[variant.Index]);
        return Change(function, to, fields, $"{to.Symbol.Name}.{variant.Name}", place) is { } change ? new VariantStep.Written(change) : new VariantStep.Missing(variant.Name);
    }

    private static FunctionSymbol? FunctionFor(ClosedType.Nominal type, string name)
    {
        foreach (var functions in new[] { type.Symbol.Methods, type.Symbol.Module!.Functions })
            if (functions.TryGetValue(name, out var function) && function.Result.Resolved is Type.Named(var symbol, _) && ReferenceEquals(symbol, type.Symbol))
                return function;
        return null;
    }

    /// <summary>Null when it does not fit, which has been said.</summary>
    private CodeChange? Change(FunctionSymbol function, ClosedType.Nominal to, ProductFields running, string owner, StatePlace place)
    {
        var obstacles = _obstacles.Count;
        if (function.Parameters is not [{ Type: var parameter }] || parameter.Resolved is not Type.Record(var row))
        {
            DoesNotFit(place, to, "", "", "", $"`{function.Name}` must take one record row: `{function.Name}(_ old: {{ … | r }})`");
            return null;
        }
        if (Arguments(function, to, place) is not { } arguments) return null;
        var asked = (ClosedType.Record)now.Shapes.Types.Close(parameter, new TypeSubstitution(function.TypeVariables, arguments, null));
        var fields = ImmutableArray.CreateBuilder<FieldSource.Taken>(asked.Labels.Length);
        for (var i = 0; i < asked.Labels.Length; i++)
            if (Asked(function, asked.Labels[i], asked.Types[i], running, to, owner, place) is { } taken) fields.Add(taken);
        if (row.Tail is null)
            foreach (var label in running.Labels.Except(asked.Labels))
                DoesNotFit(place, to, label, Text(running.Types[running.Labels.IndexOf(label)]), "", $"`{function.Name}` takes a closed record without field '{label}', which '{owner}' has: end its row with `| r`");
        var canFail = Failure(function, arguments, to, place);
        if (_obstacles.Count > obstacles) return null;
        CanFail |= canFail;
        _changes.Add(new MigrationChange.CodeChange(owner, place.Path, function.Name));
        return new CodeChange(function, arguments, asked, fields.ToImmutable(), canFail);
    }

    private FieldSource.Taken? Asked(FunctionSymbol function, string label, ClosedType asked, ProductFields running, ClosedType.Nominal to, string owner, StatePlace place)
    {
        var at = running.Labels.IndexOf(label);
        if (at < 0)
        {
            var has = running.Labels.IsEmpty ? "no fields" : string.Join(", ", running.Labels.Select((l, i) => $"{l}: {Text(running.Types[i])}"));
            DoesNotFit(place, to, label, "", Text(asked), $"`{function.Name}` asks for field '{label}' of '{owner}', which the running version does not have (it has {has})");
            return null;
        }
        var runs = running.Types[at];
        if (IsSame(runs, asked)) return new FieldSource.Taken(at, MigrationStep.Same);
        // Of the same name in both versions: the function is written against the new one, so it is given the migrated value.
        if (Text(runs) == Text(asked)) return new FieldSource.Taken(at, Step(runs, asked, place.In(owner, label, ModuleOf(to), Text(runs))));
        DoesNotFit(place, to, label, Text(runs), Text(asked), $"field '{label}' of '{owner}' is {Text(runs)} in the running version; `{function.Name}` asks for {Text(asked)}");
        return null;
    }

    private bool Failure(FunctionSymbol function, ImmutableArray<ClosedType> arguments, ClosedType.Nominal to, StatePlace place)
    {
        var failure = now.Shapes.Types.FailureOf(function.Effects, new TypeSubstitution(function.TypeVariables, arguments, null));
        if (function.Effects.Entries.Any(e => e.Effect is { IsFail: false }) || failure is { IsString: false })
            DoesNotFit(place, to, "", "", "", $"`{function.Name}` has the effects `{TypePrinter.Text(function.Effects)}`; it must be pure, or fail with a String");
        return failure is not null;
    }

    /// <summary>What the function's variables stand for when it gives the type wanted. Of the row's rest nothing is passed: nobody can look at it.</summary>
    private ImmutableArray<ClosedType>? Arguments(FunctionSymbol function, ClosedType.Nominal to, StatePlace place)
    {
        var found = new Dictionary<TypeVariable, ClosedType>();
        var declared = ((Type.Named)function.Result.Resolved).Arguments;
        var arguments = ImmutableArray.CreateBuilder<ClosedType>(function.TypeVariables.Length);
        for (var i = 0; i < declared.Length; i++)
            if (declared[i].Resolved is Type.Variable(var variable)) found.TryAdd(variable, to.Arguments[i]);
        foreach (var variable in function.TypeVariables)
        {
            if (variable.Kind != VariableKind.Type) arguments.Add(now.Shapes.Types.EmptyRow);
            else if (found.TryGetValue(variable, out var closed)) arguments.Add(closed);
            else
            {
                DoesNotFit(place, to, "", "", "", $"type variable `{variable.Name}` of `{function.Name}` does not stand in its result");
                return null;
            }
        }
        var closedArguments = arguments.MoveToImmutable();
        var result = now.Shapes.Types.Close(function.Result, new TypeSubstitution(function.TypeVariables, closedArguments, null));
        if (ReferenceEquals(result, to)) return closedArguments;
        DoesNotFit(place, to, "", "", "", $"`{function.Name}` gives {Text(result)}, and the state holds {Text(to)}");
        return null;
    }

    private void DoesNotFit(StatePlace place, ClosedType.Nominal to, string field, string runs, string asked, string sentence)
    {
        var wayOut = $"correct `{Name}` in module {ModuleOf(to)}, or remove it";
        _obstacles.Add(new MigrationObstacle(WrittenRule, to.Symbol.Name, field.Length == 0 ? place.Path : $"{place.Path}.{field}", field, runs, asked, sentence, wayOut));
    }
}
