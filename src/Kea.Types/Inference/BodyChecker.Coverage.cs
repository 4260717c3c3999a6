namespace Kea.Types.Inference;

/// <summary>Exhaustiveness and reachability of matches (4.13).</summary>
internal sealed partial class BodyChecker
{
    private void CheckCoverage()
    {
    }
}
