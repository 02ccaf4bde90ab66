package io.waybill.order.web;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** The few threads that read for all who watch orders. Each of those has at most one read here. */
@Component
final class OrderReaders implements Executor, DisposableBean {

    private static final int THREADS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "order-readers");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public void execute(Runnable read) {
        threads.execute(read);
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
