package io.waybill.gateway.admission;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
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
import io.waybill.gateway.ProblemCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Watches over the heads of the requests of one connection, where no request exists yet that a filter could look at:
 * one that does not arrive in time, is too large or is no HTTP is answered with a problem document.
 */
final class RequestHeads extends ChannelDuplexHandler {

    /** How long what a refused client still sends is thrown away: closing at once could destroy the answer. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Duration timeout;
    private final Function<ProblemCode, byte[]> documents;
    private @Nullable Future<?> timer;
    private boolean bodyExpected;
    private boolean refused;
    private int unanswered;

    RequestHeads(Duration timeout, Function<ProblemCode, byte[]> documents) {
        this.timeout = timeout;
        this.documents = documents;
    }

    /** Stands before the codec and notices the first byte of a head. */
    ChannelInboundHandlerAdapter bytes() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object bytes) {
                if (!bodyExpected && !refused && timer == null) {
                    awaitHead(context);
                }
                context.fireChannelRead(bytes);
            }
        };
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest head) {
            stopTimer();
            if (head.decoderResult().isFailure() && unanswered == 0) {
                ReferenceCountUtil.release(message);
                refuse(context, code(head.decoderResult().cause()));
                return;
            }
            unanswered++;
            bodyExpected = true;
        }
        if (message instanceof LastHttpContent) {
            bodyExpected = false;
            stopTimer();
        }
        context.fireChannelRead(message);
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
        if (message instanceof LastHttpContent && !isInterim(message) && unanswered > 0) {
            unanswered--;
            if (unanswered == 0) {
                // A request that came before the last answer was over, and was refused at once, leaves Reactor Netty
                // asking for nothing more.
                context.executor().execute(context::read);
                if (bodyExpected) {
                    // The request was refused before its body, which nobody awaits.
                    closeAfter(timeout, context);
                }
            }
        }
        context.write(message, promise);
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
        refused = true;
        var document = Unpooled.wrappedBuffer(documents.apply(code));
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code.status().value()), document);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
                .set(HttpHeaderNames.CONTENT_LENGTH, document.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response);
        closeAfter(LINGER, context);
    }

    private static ProblemCode code(Throwable failure) {
        return switch (failure) {
            case TooLongHttpLineException line -> ProblemCode.TARGET_TOO_LONG;
            case TooLongHttpHeaderException headers -> ProblemCode.HEADERS_TOO_LARGE;
            default -> ProblemCode.BAD_REQUEST;
        };
    }
}
