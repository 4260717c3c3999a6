using System.Text;

namespace Kea.Benchmarks.Latency;

/// <summary>The generated project in Erlang, and a node that loops over it and compiles and loads modules when told.</summary>
internal sealed class ErlangProject : PeerProject
{
    protected override string FileOf(int module) => $"part{module}.erl";

    protected override string Module(int module, int groups)
    {
        var exports = string.Join(", ", Enumerable.Range(0, groups).Select(g => $"apply{g}/2, mix{g}/2, events{g}/1, run{g}/1"));
        var text = new StringBuilder($"-module(part{module}).\n-export([{exports}]).\n\n");
        for (var g = 0; g < groups; g++) text.Append(Group(module, g, g + 1 < groups)).Append('\n');
        return text.ToString();
    }

    private static string Group(int module, int group, bool hasNext)
    {
        var next = hasNext ? $"run{group + 1}(Sum rem 97)" : module > 0 ? $"part{module - 1}:run0(Sum rem 89)" : "Sum rem 83";
        return $$"""
            -record(item{{group}}, {
                name = "" :: string(),
                units = 0 :: integer(),
                price = 0.0 :: float()
            }).

            -type event{{group}}() ::
                {added, #item{{group}}{} }
                | {removed, string(), integer()}
                | cleared.

            %% The effect of one event on a stock of Level units.
            -spec apply{{group}}(integer(), event{{group}}()) -> integer().
            apply{{group}}(Level, {added, #item{{group}}{units = Units} }) when Units > 100 ->
                Most = 100,
                Level + Most;
            apply{{group}}(Level, {added, Item}) ->
                Level + Item#item{{group}}.units;
            apply{{group}}(Level, {removed, Name, Units}) ->
                Cost = length(Name) * 2,
                if
                    Units > Level -> 0;
                    true -> Level - Units + Cost rem 3
                end;
            apply{{group}}(_Level, cleared) ->
                0.

            -spec mix{{group}}(integer(), integer()) -> integer().
            mix{{group}}(X, Salt) ->
                A = X * 3 + {{group % 100}} + Salt,
                B = A rem 1009,
                C = if
                    B > 500 -> B - 7;
                    true -> B + 7
                end,
                D = C * C rem 10007,
                E = D + A rem 13,
                H = if
                    E rem 2 =:= 0 -> E div 2;
                    true -> 3 * E + 1
                end,
                H rem 65521 + C.

            -spec events{{group}}(integer()) -> [event{{group}}()].
            events{{group}}(N) when N =< 0 ->
                [];
            events{{group}}(N) ->
                Item = #item{{group}}{name = "item " ++ integer_to_list(N), units = mix{{group}}(N, 1) rem 150, price = 1.5 },
                [{added, Item}, {removed, Item#item{{group}}.name, N rem 7} | events{{group}}(N - 1)].

            -spec run{{group}}(integer()) -> integer().
            run{{group}}(Seed) ->
                Level = lists:foldl(fun(E, L) -> apply{{group}}(L, E) end, 0, events{{group}}(Seed rem 5 + 1)),
                Sum = Level + mix{{group}}(Seed, {{module}}),
                {{next}}.

            """;
    }

    /// <summary>
    /// The node reads lines: <c>wake</c> and <c>rest</c> for its loop, or a module's name, which it compiles and loads; the loop tells when a fully qualified call of
    /// <c>mix0</c> gave something else than before. Numbers are microseconds.
    /// </summary>
    protected override IEnumerable<(string Path, string Text)> Rest(int modules) =>
    [
        ("driver.erl", $$"""
            -module(driver).
            -export([start/0, loop/3]).

            start() ->
                [load(list_to_atom("part" ++ integer_to_list(M))) || M <- lists:seq(0, {{modules - 1}})],
                Self = self(),
                Loop = spawn_link(fun() -> loop(Self, seen(), 0) end),
                io:format("ready~n"),
                commands(Loop).

            commands(Loop) ->
                case io:get_line("") of
                    eof -> halt(0);
                    "wake\n" -> Loop ! wake, commands(Loop);
                    "rest\n" -> Loop ! rest, commands(Loop);
                    Line ->
                        Module = list_to_atom(string:trim(Line)),
                        Begin = erlang:monotonic_time(),
                        {Compiled, Loaded} = load(Module),
                        receive {seen, Seen} -> io:format("~b ~b ~b~n", [us(Compiled - Begin), us(Loaded - Compiled), us(Seen - Loaded)]) end,
                        commands(Loop)
                end.

            load(Module) ->
                File = atom_to_list(Module) ++ ".erl",
                {ok, Module, Code} = compile:file(File, [binary]),
                Compiled = erlang:monotonic_time(),
                code:purge(Module),
                {module, Module} = code:load_binary(Module, File, Code),
                {Compiled, erlang:monotonic_time()}.

            loop(Driver, Last, N) ->
                receive
                    rest -> receive wake -> ok end
                after 0 -> ok
                end,
                Next = (N + part{{modules - 1}}:run0(N)) rem 1000003,
                case seen() of
                    Last -> ?MODULE:loop(Driver, Last, Next);
                    Now ->
                        Driver ! {seen, erlang:monotonic_time()},
                        ?MODULE:loop(Driver, Now, Next)
                end.

            seen() -> {part{{modules / 2}}:mix0(1000003, 1), part{{modules / 2}}:mix0(7777777, 5)}.

            us(Time) -> erlang:convert_time_unit(Time, native, microsecond).

            """),
    ];
}
