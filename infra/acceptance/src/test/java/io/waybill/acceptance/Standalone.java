package io.waybill.acceptance;

import io.waybill.acceptance.ChildJvm.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The standalone distribution as a child process, started as {@code infra/run} starts it. Its waits are shorter, so
 * that the story of a silent partner takes seconds, yet long enough for a busy machine.
 */
final class Standalone implements RunningSystem, AutoCloseable {

    private final String name;
    private final Path data;
    private final int port;
    private final List<String> settings;
    private int starts;
    private ChildJvm jvm;

    private Standalone(String name, Path data, int port, List<String> settings) {
        this.name = name;
        this.data = data;
        this.port = port;
        this.settings = settings;
    }

    /** A system that has never run yet, with a free port. */
    static Standalone inFreshFolder(String name) {
        return inFreshFolder(name, List.of());
    }

    /** The same with settings of its own beside the short waits. */
    static Standalone inFreshFolder(String name, List<String> settings) {
        return new Standalone(name, TemporaryFolder.create(name), ChildJvm.freePort(), settings);
    }

    /** Another process that would like to use the data of this one. */
    Standalone rivalForData(String itsName) {
        return new Standalone(itsName, data, ChildJvm.freePort(), settings);
    }

    /** Another process that would like to listen where this one does. */
    Standalone rivalForPort(String itsName) {
        Standalone fresh = inFreshFolder(itsName);
        return new Standalone(itsName, fresh.data, port, settings);
    }

    Path data() {
        return data;
    }

    int port() {
        return port;
    }

    long pid() {
        return jvm.process().pid();
    }

    @Override
    public URI gateway() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public String operatorPassword() {
        try {
            return Files.readString(data.resolve("gateway").resolve("operator-password"))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The operator's password is not there yet", e);
        }
    }

    /** The launcher writes them anew at every start. */
    @Override
    public Optional<URI> context(String context) {
        var addresses = new Properties();
        try (var reader = Files.newBufferedReader(data.resolve("addresses.properties"))) {
            addresses.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder does not say where the contexts listen", e);
        }
        return Optional.of(URI.create(addresses.getProperty(context)));
    }

    @Override
    public Optional<Mails> mails() {
        return Optional.of(Mails.below(data));
    }

    /** Starts it, for the first time or again, and returns when it is ready. */
    void start() {
        launch();
        jvm.awaitReady(() -> output().contains("Ready after"));
    }

    /** Starts it without expecting that it gets ready. */
    void launch() {
        starts++;
        jvm = ChildJvm.launch(name + "-" + starts, options());
    }

    /** The exit status of a process that ends by itself. */
    int exitStatus() {
        return jvm.exitStatus();
    }

    /** What it printed since its last start. */
    String output() {
        return jvm.output();
    }

    /** Ends it without a warning, as {@code kill -9} does. Its PostgreSQL and Redis are orphans then. */
    void kill() {
        jvm.end(Signal.KILL);
    }

    /** Stops it, if it runs, and forgets its data. */
    @Override
    public void close() {
        if (jvm != null) {
            jvm.end(Signal.TERM);
        }
        TemporaryFolder.delete(data);
    }

    private List<String> options() {
        Path lib = ChildJvm.lib();
        var options = new ArrayList<>(List.of("-Xmx1g", "-Dwaybill.lib=" + lib));
        Waits.SHORT.forEach(wait -> options.add("-D" + wait));
        options.add("-D" + Visitor.PROXY);
        Accounts.LIMITS.forEach(limit -> options.add("-D" + limit));
        settings.forEach(setting -> options.add("-D" + setting));
        options.addAll(List.of("-cp", lib + "/launcher/*", "io.waybill.standalone.Standalone"));
        options.addAll(List.of("--data", data.toString(), "--port", String.valueOf(port)));
        return options;
    }
}
