using Kea.Live;

namespace Kea.Driver.Live;

/// <summary>What the incompatibility policy of <c>--on-incompatible</c> says (L012).</summary>
public enum IncompatiblePolicy { Refuse, Ask, Migrate, Restart }

/// <summary>How long the parts of a reload took, in milliseconds.</summary>
public readonly record struct ReloadTimes(double CheckMs, double LowerMs, double PlanMs, double CompileMs)
{
    public double TotalMs => CheckMs + LowerMs + PlanMs + CompileMs;
}

/// <param name="Version">The version that has been published; 0 when nothing was.</param>
/// <param name="World">The number of its world.</param>
public sealed record ReloadReport(ReloadPlan Plan, int Version, int World, ReloadTimes Times)
{
    public bool IsPublished => Version > 0;
}
