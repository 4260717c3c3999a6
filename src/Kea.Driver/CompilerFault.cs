using Kea.Llvm.Interop;

namespace Kea.Driver;

/// <summary>A fault of the compiler itself: an exception that left one of its phases. No program, however wrong, may cause one.</summary>
/// <param name="phase">What was being done, as people would say it: "type checking".</param>
public sealed class CompilerFault(string phase, Exception cause) : Exception(cause.Message, cause)
{
    public string Phase { get; } = phase;

    /// <summary>Runs a phase; what it throws is remembered with the phase's name. A fault of a phase inside keeps its own, and what LLVM says about its files is for the caller.</summary>
    public static T During<T>(string phase, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is not (CompilerFault or LlvmException))
        {
            throw new CompilerFault(phase, e is AggregateException { InnerExceptions.Count: 1 } only ? only.InnerException! : e);
        }
    }

    /// <param name="work">What was being done, where the fault does not say itself.</param>
    public static string Apology(Exception e, string work) => e is CompilerFault fault ? Apology(fault.Phase, fault.InnerException!) : Apology(work, e);

    /// <summary>What the user is told: an apology, the phase, and what to do. One line, whatever the exception says.</summary>
    public static string Apology(string phase, Exception cause)
    {
        var said = cause.Message.AsSpan().Trim();
        var end = said.IndexOfAny('\r', '\n');
        var first = end < 0 ? said : said[..end];
        return $"kea: sorry, this is a fault of the compiler and not of your program: {phase} failed ({cause.GetType().Name}: {first}); "
            + "please report it together with the program, and with what is printed when KEA_DEBUG=1 is set";
    }
}
