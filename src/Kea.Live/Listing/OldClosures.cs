using System.Collections.Immutable;

namespace Kea.Live;

/// <summary>Function values that run code which is not current any more, and what holds them.</summary>
/// <param name="Function">The function whose code it is; for a lambda the one that it stands in.</param>
/// <param name="IsLambda">False for a function as a value that is gone from the sources: any other is bound late.</param>
/// <param name="Count">Closure objects; for a function as a value, references to it.</param>
/// <param name="Through">Types of objects that refer to them, and loops whose step they are; empty if only frames of the program do.</param>
public sealed record OldClosures(string Function, bool IsLambda, long Count, ImmutableArray<string> Through);
