package io.waybill.messaging.tasks;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** How long to wait for somebody else's answer. The call that is too late is interrupted; it may still have worked. */
public record TimeLimit(Duration limit) {

    public TimeLimit {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("a time limit is longer than nothing");
        }
    }

    /**
     * Waits for an answer.
     *
     * @throws TimeLimitExceeded if none came in time
     */
    public <T> T call(Supplier<T> call) {
        return await(new FutureTask<>(call::get));
    }

    /**
     * Waits for the end of a call without an answer.
     *
     * @throws TimeLimitExceeded if it did not end in time
     */
    public void run(Runnable call) {
        await(new FutureTask<>(call, true));
    }

    private <T> T await(FutureTask<T> answer) {
        OpenCalls calls = OpenCalls.ofThisTask();
        if (calls == null) {
            return awaitAlone(answer);
        }
        calls.begin(answer);
        try {
            return awaitAlone(answer);
        } catch (CancellationException e) {
            throw calls.refusal();
        } finally {
            calls.end(answer);
        }
    }

    private <T> T awaitAlone(FutureTask<T> answer) {
        Thread.ofVirtual().name("limited-call").start(answer);
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new TimeLimitExceeded(limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        } catch (ExecutionException e) {
            throw unchecked(e);
        } finally {
            answer.cancel(true);
        }
    }

    /** What was called declares no checked exception. */
    private static RuntimeException unchecked(ExecutionException failure) {
        return switch (failure.getCause()) {
            case RuntimeException exception -> exception;
            case Error error -> throw error;
            case null, default -> new IllegalStateException(failure);
        };
    }
}
