using Kea.Cli;

return Dispatch.Run(args, Terminal.OfProcess());
