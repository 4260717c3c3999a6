using System.Collections.Immutable;
using Kea.Types;
using Type = Kea.Types.Type;

namespace Kea.Mir;

/// <summary>What happens to running state when a reload changes the layout of its type (10.11.2).</summary>
public static class Migrations
{
    /// <summary>Compares a type of the running version with one of the new, and writes the migration where there is one.</summary>
    /// <param name="oldType">Without variables, as are all types of state.</param>
    /// <param name="session">The tables that both versions were, or will be, lowered into.</param>
    /// <param name="hasBody">Functions of the new version that are not wanted again; they are only declared.</param>
    /// <remarks>Both programs must be free of errors. Lowers, so the session must not be in use by another thread.</remarks>
    public static MigrationOutcome Plan(
        CheckedProgram oldProgram, Type oldType, CheckedProgram newProgram, Type newType, LoweringSession session, Predicate<FunctionId>? hasBody = null) =>
        session.Stack.Run<MigrationOutcome>(() =>
        {
            var context = new LoweringContext(newProgram, session, hasBody ?? (_ => false));
            var (old, now) = Sides(oldProgram, context);
            var (from, to) = (old.Shapes.Types.Close(oldType, TypeSubstitution.Empty), now.Shapes.Types.Close(newType, TypeSubstitution.Empty));
            var compare = new CompareLayouts(old, now);
            var step = compare.Step(from, to, StatePlace.Top);
            if (step is MigrationStep.Keep && compare.Obstacles.IsEmpty) return new MigrationOutcome.Unchanged();
            return compare.Obstacles.IsEmpty ? Migration(context, old, now, from, to, step, compare) : Refused(compare);
        });

    /// <summary>How the runtime names a type of state in a version.</summary>
    public static string NameOf(CheckedProgram program, Type type, LoweringSession session) =>
        new LoweringContext(program, session, _ => true).Types.Close(type, TypeSubstitution.Empty).Name;

    /// <summary>The differences alone, without writing anything.</summary>
    public static LayoutComparison Compare(CheckedProgram oldProgram, Type oldType, CheckedProgram newProgram, Type newType)
    {
        var session = new LoweringSession(isReloadable: true);
        return session.Stack.Run(() =>
        {
            var (old, now) = Sides(oldProgram, new LoweringContext(newProgram, session, _ => true));
            var (from, to) = (old.Shapes.Types.Close(oldType, TypeSubstitution.Empty), now.Shapes.Types.Close(newType, TypeSubstitution.Empty));
            var compare = new CompareLayouts(old, now);
            var isUnchanged = compare.Step(from, to, StatePlace.Top) is MigrationStep.Keep && compare.Obstacles.IsEmpty;
            return new LayoutComparison(isUnchanged, compare.Changes, compare.Obstacles);
        });
    }

    private static (ProgramSide Old, ProgramSide Now) Sides(CheckedProgram oldProgram, LoweringContext context) =>
        (new ProgramSide(oldProgram, new LoweringContext(oldProgram, context.Session, _ => true).Representation), new ProgramSide(context.Program, context.Representation));

    private static MigrationOutcome.Migration Migration(LoweringContext context, ProgramSide old, ProgramSide now, ClosedType from, ClosedType to, MigrationStep step, CompareLayouts compare)
    {
        var changes = compare.Changes;
        var (entry, forward) = new EmitMigration(context, old, now, compare.CanFail, "migrate").Run(from, to, step);
        context.Run();
        var functions = new List<MirFunction>(forward);
        FunctionId? inverse = null;
        if (changes.All(c => !c.Loses))
        {
            var back = new InvertMigration(old.Shapes).Step(step);
            (var id, var backward) = new EmitMigration(context, now, old, canFail: true, "restore").Run(to, from, back);
            (inverse, functions) = (id, [.. functions, .. backward]);
        }
        functions.AddRange(context.Functions);
        return new MigrationOutcome.Migration(context.Session.Snapshot([.. functions], null), entry, inverse, compare.CanFail, changes);
    }

    private static MigrationOutcome.Refused Refused(CompareLayouts compare) =>
        new(compare.Obstacles.Any(o => o.Rule == "L013") ? "L013" : "L012", compare.Obstacles);
}
