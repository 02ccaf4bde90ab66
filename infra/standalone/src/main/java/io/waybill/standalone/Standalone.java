package io.waybill.standalone;

import io.waybill.embedded.EmbeddedServerException;
import io.waybill.standalone.demo.Demo;
import io.waybill.standalone.demo.Outage;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The program behind {@code infra/run}. */
public final class Standalone {

    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

    private final Console console;
    private final Running running;

    private Standalone(Console console) {
        this.console = console;
        this.running = new Running((part, cause) -> console.fail("%s did not stop cleanly: %s".formatted(part, cause)));
    }

    /**
     * Starts everything and stays until it is told to end; exits with 0 after stories that all ended as they should, 1
     * where something failed, and 2 where the command line cannot be understood.
     */
    public static void main(String[] args) {
        // Threads that an application left behind must not keep the JVM alive.
        System.exit(new Standalone(new Console(System.out, System.err)).run(List.of(args)));
    }

    int run(List<String> arguments) {
        try {
            var options = Options.parse(arguments, Path.of(System.getProperty("user.home")));
            if (options.help()) {
                console.say(Options.USAGE);
                return 0;
            }
            Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
            Outage shipping = start(options);
            return options.demo() && !play(options, shipping) ? FAILED : stay(options);
        } catch (UsageException e) {
            console.fail(e.getMessage() + System.lineSeparator() + Options.USAGE);
            return MISUSED;
        } catch (StartException | EmbeddedServerException e) {
            return failed(e);
        }
    }

    private Outage start(Options options) {
        long begin = System.nanoTime();
        var password = OperatorPassword.in(options.data());
        boolean known = password.isKnown();
        Outage shipping = new Launcher(options, lib(), console, running).start();
        // With an external provider of accounts there is none, before and after.
        boolean ownAccounts = password.isKnown();
        if (!known && ownAccounts) {
            console.drawn(password);
        }
        console.ready(options, ownAccounts, System.nanoTime() - begin);
        return shipping;
    }

    private boolean play(Options options, Outage shipping) {
        URI gateway = URI.create("http://127.0.0.1:" + options.port());
        String password = OperatorPassword.in(options.data()).read();
        return new Demo(gateway, password, shipping, console.out()).play();
    }

    private static int stay(Options options) {
        if (!options.demo() || options.stay()) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return 0;
    }

    private int failed(RuntimeException failure) {
        // A part that fails because all is being stopped is no news.
        if (!running.isClosed()) {
            console.fail(String.valueOf(failure.getMessage()));
        }
        return FAILED;
    }

    /** Runs as the JVM's shutdown hook; a part that hangs does not keep the others' locks for ever. */
    private void stop() {
        if (running.isIdle()) {
            running.close();
            return;
        }
        long begin = System.nanoTime();
        console.stopping();
        var closing = Thread.ofPlatform().daemon().start(running::close);
        try {
            if (closing.join(STOP_PATIENCE)) {
                console.stopped(System.nanoTime() - begin);
            } else {
                console.fail("Not everything stopped within %d s.".formatted(STOP_PATIENCE.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path lib() {
        String given = System.getProperty("waybill.lib");
        if (given == null) {
            throw new StartException("Start Waybill with infra/run.");
        }
        return Path.of(given);
    }
}
