package io.waybill.acceptance.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A way from one process to another that can be broken: every connection goes through it, to the first of its targets
 * that takes it.
 */
final class Link implements AutoCloseable {

    private static final int BACKLOG = 1_000;
    private static final int CONNECT_MILLIS = 1_000;

    private enum State {
        WHOLE,
        /** Connections end with a reset, and no new one comes about. */
        CUT,
        /** Nothing arrives any more, not even the end of a connection, and nobody is told. */
        HALF_OPEN
    }

    private final ServerSocket door;
    private final Supplier<List<Integer>> targets;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private State state = State.WHOLE;
    private volatile Duration delay = Duration.ZERO;

    private Link(ServerSocket door, Supplier<List<Integer>> targets) {
        this.door = door;
        this.targets = targets;
    }

    /** @param targets ports, asked for at each connection */
    static Link to(Supplier<List<Integer>> targets) {
        try {
            var link = new Link(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), targets);
            Thread.startVirtualThread(link::welcome);
            return link;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return door.getLocalPort();
    }

    synchronized void cut() {
        state = State.CUT;
        open.forEach(Link::reset);
        notifyAll();
    }

    synchronized void halfOpen() {
        state = State.HALF_OPEN;
    }

    void delay(Duration each) {
        delay = each;
    }

    synchronized void heal() {
        state = State.WHOLE;
        delay = Duration.ZERO;
        notifyAll();
    }

    @Override
    public void close() {
        close(door);
        synchronized (this) {
            state = State.CUT;
            notifyAll();
        }
        open.forEach(Link::reset);
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
                Socket target = passable() ? connect() : null) {
            if (target == null) {
                reset(client);
                return;
            }
            open.add(client);
            open.add(target);
            try {
                Thread back = Thread.startVirtualThread(() -> pass(target, client));
                pass(client, target);
                back.join();
            } finally {
                open.remove(client);
                open.remove(target);
            }
        } catch (IOException e) {
            // Nobody listens at the other end: the client finds its connection closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket connect() throws IOException {
        var refusal = new IOException("nobody listens");
        for (int port : targets.get()) {
            var target = new Socket();
            try {
                target.setTcpNoDelay(true);
                target.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
                return target;
            } catch (IOException e) {
                refusal.addSuppressed(e);
                close(target);
            }
        }
        throw refusal;
    }

    private void pass(Socket from, Socket to) {
        try {
            byte[] buffer = new byte[16 * 1024];
            from.setTcpNoDelay(true);
            int length;
            while ((length = from.getInputStream().read(buffer)) >= 0 && passable()) {
                if (delay.isPositive()) {
                    Thread.sleep(delay);
                }
                to.getOutputStream().write(buffer, 0, length);
            }
            if (passable()) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            // One end is gone, so the other one is told, as soon as the link is not half open any more.
            if (passable()) {
                reset(to);
                reset(from);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits while the link is half open; says whether anything gets through. */
    private synchronized boolean passable() {
        try {
            while (state == State.HALF_OPEN) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return state == State.WHOLE;
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        close(socket);
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // It is of no use any more, so nothing is lost.
        }
    }
}
