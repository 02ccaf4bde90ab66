package io.waybill.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what tests opened when the JVM ends, the last first, after Spring's contexts that still use it. */
final class CloseAtExit {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    CloseAtExit() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::closeAll, "waybill-close-test-servers"));
    }

    synchronized void close(AutoCloseable closeable) {
        open.push(closeable);
    }

    private void closeAll() {
        awaitSpring();
        while (!open.isEmpty()) {
            closeOne(open.pop());
        }
    }

    /** The hooks of a JVM run at once; a context whose servers vanish first complains and waits. */
    private static void awaitSpring() {
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("Spring(Application|Context)ShutdownHook"))
                .forEach(CloseAtExit::await);
    }

    private static void await(Thread thread) {
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeOne(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // The others are still to be closed, and nobody is left to handle it.
            System.err.println("Waybill tests could not close " + closeable + ": " + e.getMessage());
        }
    }
}
