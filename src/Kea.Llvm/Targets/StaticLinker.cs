using System.ComponentModel;
using System.Diagnostics;

namespace Kea.Llvm;

/// <summary>
/// Makes a static executable of an object with <c>ld.lld</c>, run as a child: on a full disk lld dies by a signal. It writes
/// to a file beside the output, which is renamed when all went well, so that no half-written executable is ever seen.
/// </summary>
public static class StaticLinker
{
    private const int FirstSignalStatus = 128;
    private const UnixFileMode ExecutableMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <returns>Null, or in one line why there is no executable.</returns>
    public static string? Link(ReadOnlySpan<byte> objectFile, string output, RuntimeFiles runtime)
    {
        if (!File.Exists(runtime.LinkArguments)) return $"the runtime is not built: {runtime.LinkArguments} is missing";
        if (FindLinker(runtime) is not { } linker) return $"the linker was not found (looked for {string.Join(", ", runtime.Linkers)}); install lld-22";
        return Replace(output, objectFile, (input, fresh) => Run(linker, Arguments(runtime, input, fresh), output));
    }

    /// <summary>Writes bytes to a file as a whole or not at all.</summary>
    /// <returns>Null, or in one line why not.</returns>
    public static string? Write(ReadOnlySpan<byte> bytes, string output)
    {
        if (ReplaceProblem(output) is { } problem) return CannotWrite(output, problem);
        var fresh = FreshName(output);
        try
        {
            CreateFolder(output);
            WriteThrough(fresh, bytes);
            File.Move(fresh, output, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Delete(fresh);
            return CannotWrite(output, Reason(e));
        }
    }

    private static string? Replace(string output, ReadOnlySpan<byte> objectFile, Func<string, string, string?> make)
    {
        if (ReplaceProblem(output) is { } problem) return CannotWrite(output, problem);
        var (fresh, input) = (FreshName(output), FreshName(output) + ".o");
        try
        {
            CreateFolder(output);
            WriteThrough(input, objectFile);
            if (make(input, fresh) is { } failure) return failure;
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(fresh, ExecutableMode);
            File.Move(fresh, output, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CannotWrite(output, Reason(e));
        }
        finally
        {
            Delete(input);
            Delete(fresh);
            DeleteLeftovers(fresh);
        }
    }

    /// <summary>The linker writes to a temporary file beside its output, which it cannot take away when a signal kills it.</summary>
    private static void DeleteLeftovers(string fresh)
    {
        try
        {
            foreach (var left in Directory.GetFiles(Path.GetDirectoryName(fresh)!, Path.GetFileName(fresh) + ".tmp*")) Delete(left);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its folder is gone, and the file with it.
        }
    }

    private static string? Run(string linker, List<string> arguments, string output)
    {
        var start = new ProcessStartInfo(linker) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0) return null;
            return process.ExitCode > FirstSignalStatus
                ? CannotWrite(output, $"the linker was killed by signal {process.ExitCode - FirstSignalStatus}; is the disk full?")
                : $"linking {output} failed: {OneLine(errors.Result)}";
        }
        catch (Win32Exception e)
        {
            return $"the linker {linker} cannot be run: {e.Message}";
        }
    }

    private static List<string> Arguments(RuntimeFiles runtime, string input, string output)
    {
        var arguments = new List<string>();
        foreach (var line in File.ReadLines(runtime.LinkArguments))
            if (line.Length > 0) arguments.Add(line.Replace("{input}", input).Replace("{output}", output));
        return arguments;
    }

    private static string? FindLinker(RuntimeFiles runtime)
    {
        foreach (var candidate in runtime.Linkers)
        {
            if (candidate.Contains('/'))
            {
                if (File.Exists(candidate)) return candidate;
                continue;
            }
            foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
                if (Path.Combine(folder, candidate) is var path && File.Exists(path)) return path;
        }
        return null;
    }

    /// <summary>A full disk shows when the bytes are flushed, so they are.</summary>
    private static void WriteThrough(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(bytes);
        file.Flush(flushToDisk: false);
    }

    private static void CreateFolder(string output)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder) Directory.CreateDirectory(folder);
    }

    private static string FreshName(string output) =>
        Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(output)) ?? "/",
            $".{Path.GetFileName(output)}.{Environment.ProcessId}-{Guid.NewGuid():N}"[..Math.Min(Path.GetFileName(output).Length + 24, 200)]);

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be deleted was never made, or its folder is gone.
        }
    }

    /// <summary>Why an output may not be put in the place of what is there: renaming would destroy a device such as /dev/null.</summary>
    private static string? ReplaceProblem(string output)
    {
        if (Directory.Exists(output)) return "it is a folder";
        return FileKinds.IsSpecial(output) ? "it is not an ordinary file" : null;
    }

    // The framework is published without its own sentences, so these are ours.
    private static string Reason(Exception exception) => exception switch
    {
        UnauthorizedAccessException => "no permission",
        DirectoryNotFoundException or FileNotFoundException => "there is no such folder",
        PathTooLongException => "its name is too long",
        IOException { Message: var message } when message.StartsWith("IO_FileExists", StringComparison.Ordinal) => "a file is where its folder should be",
        _ => exception.Message.Split(" : ")[0],
    };

    private static string CannotWrite(string output, string why) => $"cannot write {output}: {OneLine(why)}";

    private static string OneLine(string text)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOf('\n');
        return (end < 0 ? line : line[..end]).ToString();
    }
}
