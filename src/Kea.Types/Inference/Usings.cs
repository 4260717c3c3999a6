global using System.Collections.Immutable;
global using System.Runtime.InteropServices;
global using Kea.Source;
global using Kea.Syntax;
