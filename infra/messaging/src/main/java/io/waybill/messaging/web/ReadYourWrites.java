package io.waybill.messaging.web;

import io.waybill.messaging.Rejection;
import io.waybill.messaging.stream.AppendLog;
import io.waybill.messaging.waiting.ConsistencyToken;
import io.waybill.messaging.waiting.ConsistencyTokens;
import io.waybill.messaging.waiting.ReadModelWaits;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers to commands carry a token that stands for what they wrote; a request that sends it back is held, without a
 * thread, until the read model that answers it has seen that, and is refused when it takes too long. It is never
 * answered with something older.
 */
final class ReadYourWrites implements AsyncHandlerInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger(ReadYourWrites.class);
    private static final String WRITTEN = ReadYourWrites.class.getName() + ".written";
    private static final String SEEN = ReadYourWrites.class.getName() + ".seen";
    private static final long SLACK_MILLIS = 5_000;

    private final ReadModelWaits waits;
    private final ConsistencyTokens tokens;

    ReadYourWrites(ReadModelWaits waits, ConsistencyTokens tokens) {
        this.waits = waits;
        this.tokens = tokens;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method)) {
            return true;
        }
        AnswersFrom model = answersFrom(method);
        if (model != null && !hasSeen(model.value(), request, response)) {
            return false;
        }
        if (!isQuery(request)) {
            noteWhatIsWritten(request);
        }
        return true;
    }

    private static @Nullable AnswersFrom answersFrom(HandlerMethod method) {
        AnswersFrom own = method.getMethodAnnotation(AnswersFrom.class);
        return own != null ? own : AnnotatedElementUtils.findMergedAnnotation(method.getBeanType(), AnswersFrom.class);
    }

    private static boolean isQuery(HttpServletRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }

    private boolean hasSeen(String processor, HttpServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(SEEN) instanceof Boolean inTime) {
            if (!inTime) {
                throw behind(response);
            }
            return true;
        }
        Optional<ConsistencyToken> token = token(request);
        if (token.isEmpty() || waits.hasSeen(processor, token.get())) {
            request.setAttribute(SEEN, true);
            return true;
        }
        CompletableFuture<Boolean> seen = waits.await(processor, token.get()).orElseThrow(() -> behind(response));
        // The request comes through here once more when it is known, wrapped as the filters left it: they expect that.
        AsyncContext held = request.startAsync(request, response);
        held.setTimeout(waits.longest().toMillis() + SLACK_MILLIS);
        held.addListener(new Held(held, seen));
        var unused = seen.thenAccept(inTime -> goOn(held, inTime));
        return false;
    }

    private static void goOn(AsyncContext held, boolean inTime) {
        try {
            held.getRequest().setAttribute(SEEN, inTime);
            held.dispatch();
        } catch (IllegalStateException e) {
            LOG.debug("A client left while it waited", e);
        }
    }

    /** Takes care that whoever is held hears a word from us, and not from the web server, in any case. */
    private record Held(AsyncContext request, CompletableFuture<Boolean> seen) implements AsyncListener {

        @Override
        public void onTimeout(AsyncEvent event) {
            if (!seen.complete(false)) {
                goOn(request, false);
            }
        }

        /** Who has left waits no longer. */
        @Override
        public void onError(AsyncEvent event) {
            seen.cancel(false);
        }

        @Override
        public void onComplete(AsyncEvent event) {
            seen.cancel(false);
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // The handler itself answers later; the wait is over.
        }
    }

    private static Rejection behind(HttpServletResponse response) {
        response.setHeader(HttpHeaders.RETRY_AFTER, "1");
        return new Rejection(
                ConsistencyRejection.READ_MODEL_BEHIND,
                "What you wrote last cannot be read yet. Try again, or ask without " + ConsistencyToken.HEADER + ".");
    }

    private static Optional<ConsistencyToken> token(HttpServletRequest request) {
        List<String> sent = Collections.list(request.getHeaders(ConsistencyToken.HEADER));
        if (sent.isEmpty()) {
            return Optional.empty();
        }
        Optional<ConsistencyToken> token = sent.size() > 1 ? Optional.empty() : ConsistencyToken.parse(sent.get(0));
        if (token.isEmpty()) {
            throw new Rejection(
                    ConsistencyRejection.INVALID_CONSISTENCY_TOKEN,
                    ConsistencyToken.HEADER + " is what an answer to a command said, unchanged.");
        }
        return token;
    }

    private static void noteWhatIsWritten(HttpServletRequest request) {
        if (request.getAttribute(WRITTEN) == null) {
            AppendLog log = new AppendLog();
            request.setAttribute(WRITTEN, log);
            log.open();
        }
    }

    @Override
    public void afterConcurrentHandlingStarted(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        AppendLog.close();
    }

    /** For answers without a body. */
    @Override
    public void postHandle(
            HttpServletRequest request,
            HttpServletResponse response,
            Object handler,
            @Nullable ModelAndView modelAndView) {
        if (!response.isCommitted()) {
            sayWhatWasWritten(request, response);
        }
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        AppendLog.close();
    }

    /** Gives the token with an answer that tells of success; only once. */
    void sayWhatWasWritten(HttpServletRequest request, HttpServletResponse response) {
        boolean success = response.getStatus() >= 200 && response.getStatus() < 300;
        if (!success
                || !(request.getAttribute(WRITTEN) instanceof AppendLog log)
                || response.containsHeader(ConsistencyToken.HEADER)) {
            return;
        }
        try {
            response.setHeader(ConsistencyToken.HEADER, tokens.of(log).encoded());
        } catch (DataAccessException e) {
            // The command is done; an answer without a token is better than none.
            LOG.debug("The place of a repeated command cannot be looked up", e);
        }
    }
}
