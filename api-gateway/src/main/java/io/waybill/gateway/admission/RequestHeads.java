package io.waybill.gateway.admission;

import static java.time.ZoneOffset.UTC;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.waybill.gateway.EarlyProblems.EarlyProblem;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.tracing.RequestTrace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Watches over the requests of one connection where a filter cannot: a head that does not arrive in time, and whatever
 * is too large or is no HTTP, be it in the middle of a body, is answered with a problem document.
 */
final class RequestHeads extends ChannelDuplexHandler {

    /** How long what a refused client still sends is thrown away: closing at once could destroy the answer. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Duration timeout;
    private final Function<ProblemCode, EarlyProblem> problems;
    private @Nullable Future<?> timer;
    private boolean bodyExpected;
    private int unanswered;

    /** Whether the first of them is being answered. */
    private boolean answering;

    /** What is wrong with what came last; nothing that follows can be made out. */
    private @Nullable ProblemCode broken;

    /** Whether nobody here listens to the client any more. */
    private boolean refused;

    RequestHeads(Duration timeout, Function<ProblemCode, EarlyProblem> problems) {
        this.timeout = timeout;
        this.problems = problems;
    }

    /** Stands before the codec and notices the first byte of a head. */
    ChannelInboundHandlerAdapter bytes() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object bytes) {
                if (!bodyExpected && broken == null && !refused && timer == null) {
                    awaitHead(context);
                }
                context.fireChannelRead(bytes);
            }
        };
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (broken != null || refused) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest head) {
            stopTimer();
            if (head.decoderResult().isFailure() || head.protocolVersion().majorVersion() != 1 || !namesItsHost(head)) {
                ReferenceCountUtil.release(message);
                breakOff(context, code(head.decoderResult().cause()));
                return;
            }
            unanswered++;
            bodyExpected = true;
        }
        if (message instanceof LastHttpContent end) {
            bodyExpected = false;
            stopTimer();
            if (end.decoderResult().isFailure()) {
                ReferenceCountUtil.release(message);
                breakOffBody(context, code(end.decoderResult().cause()));
                return;
            }
        }
        context.fireChannelRead(message);
    }

    /** RFC 9112, section 3.2: two names would let a proxy and a server understand different things. */
    private static boolean namesItsHost(HttpRequest head) {
        var hosts = head.headers().getAll(HttpHeaderNames.HOST).size();
        return hosts == 1 || (hosts == 0 && head.protocolVersion().minorVersion() == 0);
    }

    /** What came before is answered first. */
    private void breakOff(ChannelHandlerContext context, ProblemCode code) {
        broken = code;
        if (unanswered == 0) {
            refuse(context, code);
        }
    }

    /** Reactor Netty would answer without a document, and take what came behind another request for a whole body. */
    private void breakOffBody(ChannelHandlerContext context, ProblemCode code) {
        if (unanswered == 0) {
            // Its request was answered without it, and a second answer would be taken for that to the next one.
            leave(context);
        } else if (unanswered == 1 && answering) {
            broken = code;
            refused = true;
        } else {
            // Whoever waits for the body learns from the end of the connection that there is none.
            unanswered--;
            breakOff(context, code);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (refused) {
            // Nobody behind this asks for more, and what is not read destroys the answer when the connection closes.
            context.read();
        }
        context.fireChannelReadComplete();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise, which belongs to the writer
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (refused && !answering) {
            // Its promise is left open: Reactor Netty would close the connection on it, and destroy our own answer.
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof FullHttpResponse answer && isBareRefusal(answer)) {
            ReferenceCountUtil.release(message);
            refuse(context, code(answer.status()));
            return;
        }
        if (message instanceof HttpResponse && !isInterim(message)) {
            answering = true;
        }
        boolean last = message instanceof LastHttpContent && !isInterim(message) && unanswered > 0;
        context.write(message, promise);
        if (last) {
            answered(context);
        }
    }

    private void answered(ChannelHandlerContext context) {
        answering = false;
        unanswered--;
        if (unanswered > 0) {
            return;
        }
        if (refused) {
            leave(context);
        } else if (broken != null) {
            refuse(context, broken);
        } else {
            // A request that came before the last answer was over, and was refused at once, leaves Reactor Netty
            // asking for nothing more.
            context.executor().execute(context::read);
            if (bodyExpected) {
                // The request was refused before its body, which nobody awaits.
                closeAfter(timeout, context);
            }
        }
    }

    /** Reactor Netty refuses by itself what it cannot make a request of, but has nothing to say about it. */
    private static boolean isBareRefusal(FullHttpResponse answer) {
        return answer.status().codeClass() == HttpStatusClass.CLIENT_ERROR
                && !answer.content().isReadable()
                && !answer.headers().contains(HttpHeaderNames.CONTENT_TYPE);
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopTimer();
        context.fireChannelInactive();
    }

    private void awaitHead(ChannelHandlerContext context) {
        timer = context.executor().schedule(() -> late(context), timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody is left to hear how closing went
    private void closeAfter(Duration time, ChannelHandlerContext context) {
        stopTimer();
        Runnable close = context::close;
        timer = context.executor().schedule(close, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void late(ChannelHandlerContext bytes) {
        timer = null;
        if (unanswered > 0) {
            // An answer is under way on this connection, and another must not be mixed into it.
            awaitHead(bytes);
        } else {
            refuse(bytes.pipeline().context(this), ProblemCode.REQUEST_TIMEOUT);
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody is left to hear how writing went
    private void refuse(ChannelHandlerContext context, ProblemCode code) {
        var problem = problems.apply(code);
        var document = Unpooled.copiedBuffer(problem.document(), StandardCharsets.UTF_8);
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code.status().value()), document);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
                .set(HttpHeaderNames.CONTENT_LENGTH, document.readableBytes())
                .set(RequestTrace.REQUEST_ID, problem.requestId())
                .set(HttpHeaderNames.DATE, DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(UTC)))
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response);
        leave(context);
    }

    private void leave(ChannelHandlerContext context) {
        refused = true;
        closeAfter(LINGER, context);
        context.read();
    }

    private static ProblemCode code(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> ProblemCode.BAD_REQUEST;
            case TooLongHttpLineException line -> ProblemCode.TARGET_TOO_LONG;
            case TooLongHttpHeaderException headers -> ProblemCode.HEADERS_TOO_LARGE;
            default -> ProblemCode.BAD_REQUEST;
        };
    }

    private static ProblemCode code(HttpResponseStatus status) {
        return switch (status.code()) {
            case 413 -> ProblemCode.BODY_TOO_LARGE;
            case 414 -> ProblemCode.TARGET_TOO_LONG;
            case 431 -> ProblemCode.HEADERS_TOO_LARGE;
            default -> ProblemCode.BAD_REQUEST;
        };
    }
}
