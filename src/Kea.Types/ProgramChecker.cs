using System.Collections.Immutable;
using Kea.Source;
using Kea.Types.Inference;

namespace Kea.Types;

/// <summary>The second half of typing: bodies.</summary>
public static class ProgramChecker
{
    /// <summary>Checks every body of the project's own modules, side by side.</summary>
    /// <param name="withLibrary">The standard library's bodies too; else those are checked when something asks for them.</param>
    /// <param name="workers">How many bodies at once at most; what is found does not depend on it.</param>
    public static Phase<CheckedProgram> Check(IBoundProgram program, bool withLibrary = false, int workers = SideBySide.AllProcessors)
    {
        var result = new CheckedProgramImplementation(program);
        return new Phase<CheckedProgram>(result, result.CheckAll(withLibrary, workers));
    }

    /// <summary>Checks some of the bodies, and what is not one; the other bodies are known to be right, as are modules that were taken over.</summary>
    /// <param name="before">The program that they were taken over from.</param>
    public static Phase<CheckedProgram> Check(IBoundProgram program, CheckedProgram before, Predicate<FunctionSymbol> isChecked)
    {
        var result = new CheckedProgramImplementation(program, (CheckedProgramImplementation)before);
        return new Phase<CheckedProgram>(result, result.CheckAll(withLibrary: false, SideBySide.AllProcessors, isChecked));
    }

    /// <summary>Checks nothing yet; each body is checked when it is asked for.</summary>
    public static CheckedProgram Open(IBoundProgram program) => new CheckedProgramImplementation(program);
}
