using Kea.Live;

namespace Kea.Driver.Live;

/// <summary>Who is told of a reload while it happens, on the thread that carries it out.</summary>
public interface IReloadObserver
{
    /// <summary>The change may be made; its code is compiled next.</summary>
    void Begins(ReloadPlan plan);

    /// <summary>It is in force from now on, and no loop has come to it yet.</summary>
    void Published(ReloadPlan plan, int version);
}
