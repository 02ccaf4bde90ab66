package io.waybill.standalone;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param data the folder that everything is kept in
 * @param port the gateway's port
 * @param demo whether the stories are played once everything runs
 * @param stay whether Waybill goes on running after the stories
 * @param traces whether everything is traced and Zipkin runs beside it
 * @param help whether to explain the options and do nothing else
 */
record Options(Path data, int port, boolean demo, boolean stay, boolean traces, boolean help) {

    static final String USAGE = """
        Usage: infra/run [--data DIR] [--port N] [--demo [--stay]] [--traces] [--help]

          --data DIR  keep everything in this folder (default: ~/.waybill)
          --port N    the gateway's port on 127.0.0.1 (default: 8080)
          --demo      play the stories, print what happened to each order, and stop
          --stay      go on running after the stories
          --traces    trace everything, and show the traces in a Zipkin beside it
          --help      print this
        """;

    private static final int DEFAULT_PORT = 8080;
    private static final int LARGEST_PORT = 65_535;

    /**
     * Understands the arguments.
     *
     * @throws UsageException if there is one that it does not know, or a value is missing or wrong
     */
    static Options parse(List<String> arguments, Path home) {
        var rest = new ArrayDeque<String>();
        arguments.forEach(argument -> split(argument, rest));
        var options = new Options(home.resolve(".waybill"), DEFAULT_PORT, false, false, false, false);
        while (!rest.isEmpty()) {
            options = options.with(rest.removeFirst(), rest);
        }
        if (options.stay && !options.demo) {
            throw new UsageException("--stay goes with --demo; without it Waybill stays anyway.");
        }
        return options;
    }

    private Options with(String option, Deque<String> rest) {
        return switch (option) {
            case "--data" -> new Options(folder(value(option, rest)), port, demo, stay, traces, help);
            case "--port" -> new Options(data, port(value(option, rest)), demo, stay, traces, help);
            case "--demo" -> new Options(data, port, true, stay, traces, help);
            case "--stay" -> new Options(data, port, demo, true, traces, help);
            case "--traces" -> new Options(data, port, demo, stay, true, help);
            case "--help", "-h" -> new Options(data, port, demo, stay, traces, true);
            default -> throw new UsageException("There is no option " + option + ".");
        };
    }

    private static void split(String argument, Deque<String> parts) {
        int equals = argument.indexOf('=');
        if (argument.startsWith("--") && equals > 0) {
            parts.add(argument.substring(0, equals));
            parts.add(argument.substring(equals + 1));
        } else {
            parts.add(argument);
        }
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty() || rest.getFirst().isBlank() || rest.getFirst().startsWith("--")) {
            throw new UsageException(option + " needs a value.");
        }
        return rest.removeFirst();
    }

    private static Path folder(String value) {
        try {
            return Path.of(value).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new UsageException("--data needs a folder, not " + value + ".");
        }
    }

    private static int port(String value) {
        if (value.matches("\\d{1,5}") && Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= LARGEST_PORT) {
            return Integer.parseInt(value);
        }
        throw new UsageException("--port needs a number from 1 to 65535, not " + value + ".");
    }
}
