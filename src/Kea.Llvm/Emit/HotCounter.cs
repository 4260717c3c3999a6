namespace Kea.Llvm.Emit;

/// <summary>A word that quickly compiled code counts down, to be compiled better when it has come to zero (<c>kea/tier.h</c>).</summary>
/// <param name="Queue">The address of the <c>kea_hot_queue</c>.</param>
/// <param name="Slot">Whose cell of the queue it is, and where a world keeps the better code.</param>
/// <param name="Left">The word's address.</param>
/// <param name="Forwards">Callers may come to the counting code without looking into a slot, so it goes on to the better code itself.</param>
public readonly record struct HotCounter(nint Queue, int Slot, nint Left, bool Forwards);
