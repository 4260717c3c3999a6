using System.Runtime.CompilerServices;

[assembly: DisableRuntimeMarshalling]
[assembly: InternalsVisibleTo("Kea.Live")]
[assembly: InternalsVisibleTo("Kea.Llvm.Tests")]
[assembly: InternalsVisibleTo("Kea.Live.Tests")]
