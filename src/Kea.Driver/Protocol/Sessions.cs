namespace Kea.Driver.Protocol;

/// <summary>The sessions of this user on this machine, and which of them somebody means.</summary>
public static class Sessions
{
    /// <summary>
    /// With a file, the sessions whose entry it is. Without one, those of the nearest project's entry, else those whose entry lies
    /// in the working folder, below it or above it; if there are none of those either, all.
    /// </summary>
    /// <param name="entry">The entry that the working folder's project has; null if it is in none.</param>
    public static IReadOnlyList<(string Path, SessionFile File)> Meant(IReadOnlyList<(string Path, SessionFile File)> sessions, string? file, string? entry, string workingFolder)
    {
        bool Has(SessionFile session, string path) => session.Entry == Path.GetFullPath(path, workingFolder);
        if (file is not null) return [.. sessions.Where(s => Has(s.File, file))];
        if (entry is not null && sessions.Where(s => Has(s.File, entry)).ToArray() is { Length: > 0 } own) return own;
        var near = sessions.Where(s => Path.GetDirectoryName(s.File.Entry) is { } folder && (IsIn(folder, workingFolder) || IsIn(workingFolder, folder))).ToArray();
        return near.Length > 0 ? near : sessions;
    }

    /// <summary>Talks to a session; its file is deleted if there is none any more.</summary>
    public static Contact Reach(string path, SessionFile file)
    {
        var contact = ProtocolClient.Connect(file);
        if (contact is Contact.Gone) SessionFolder.Delete(path);
        return contact;
    }

    private static bool IsIn(string folder, string other) => folder == other || folder.StartsWith(other.TrimEnd('/') + "/", StringComparison.Ordinal);
}
