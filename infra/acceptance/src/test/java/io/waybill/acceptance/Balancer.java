package io.waybill.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** One address for all instances of a context: each connection goes to the first that takes it, in an order. */
final class Balancer implements AutoCloseable {

    /** As many may knock at the same moment as a gateway has streams. */
    private static final int BACKLOG = 4_000;

    private final ServerSocket door;
    private final Set<Integer> ports = new CopyOnWriteArraySet<>();
    private final IntSupplier turn;

    private Balancer(ServerSocket door, IntSupplier turn) {
        this.door = door;
        this.turn = turn;
    }

    /** The instances take turns. */
    static Balancer open() {
        return open(new AtomicInteger()::getAndIncrement);
    }

    /** Everything goes to one of the instances, counted from 0, and to the next while that is not there. */
    static Balancer preferring(int instance) {
        return open(() -> instance);
    }

    private static Balancer open(IntSupplier turn) {
        try {
            var balancer = new Balancer(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), turn);
            Thread.startVirtualThread(balancer::welcome);
            return balancer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    void add(int port) {
        ports.add(port);
    }

    void remove(int port) {
        ports.remove(port);
    }

    @Override
    public void close() {
        close(door);
    }

    private void welcome() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.startVirtualThread(() -> serve(client));
            } catch (IOException e) {
                // The door was closed, and the loop sees it.
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket instance = connect()) {
            Thread back = Thread.startVirtualThread(() -> pass(instance, client));
            pass(client, instance);
            back.join();
        } catch (IOException e) {
            // No instance runs: the client finds its connection closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket connect() throws IOException {
        var refusal = new IOException("no instance runs");
        int first = turn.getAsInt();
        List<Integer> now = List.copyOf(ports);
        for (int i = 0; i < now.size(); i++) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), now.get((first + i) % now.size()));
            } catch (IOException e) {
                refusal.addSuppressed(e);
            }
        }
        throw refusal;
    }

    /** Passes bytes on until one side ends, which ends the other. */
    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // A side was killed, which is what the stories are about; both are closed now.
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
