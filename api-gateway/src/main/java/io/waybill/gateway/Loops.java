package io.waybill.gateway;

import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.autoconfigure.data.redis.ClientResourcesBuilderCustomizer;
import org.springframework.boot.autoconfigure.data.redis.LettuceClientOptionsBuilderCustomizer;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/**
 * The threads that all requests are done on, one for each processor. The driver of Redis works on them too: threads of
 * its own would have to be woken for every command, and wake these for every answer.
 */
@Configuration(proxyBeanMethods = false)
class Loops {

    /** Destroyed like any bean, after everything that works on them has stopped. */
    @Bean(destroyMethod = "dispose")
    LoopResources loopResources() {
        return LoopResources.create("waybill-loop", Runtime.getRuntime().availableProcessors(), true);
    }

    @Bean
    ReactorResourceFactory reactorResourceFactory(LoopResources loops) {
        var resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResources(loops);
        return resources;
    }

    @Bean
    HttpClientCustomizer clientOnLoops(LoopResources loops) {
        return client -> client.runOn(loops);
    }

    @Bean
    ClientResourcesBuilderCustomizer redisOnLoops(LoopResources loops) {
        var shared = new Shared(loops.onServer(true));
        return driver -> driver.eventLoopGroupProvider(shared).nettyCustomizer(new Together());
    }

    /** Whoever asks Redis waits for as long as suits them, so the driver need not watch every command as well. */
    @Bean
    LettuceClientOptionsBuilderCustomizer redisWithoutTimers() {
        return options -> options.timeoutOptions(TimeoutOptions.create());
    }

    /** What the requests of one turn of a loop ask for goes out in one packet. */
    private static final class Together implements NettyCustomizer {

        @Override
        public void afterChannelInitialized(Channel channel) {
            channel.pipeline()
                    .addFirst(new FlushConsolidationHandler(
                            FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
        }
    }

    private static final class Shared extends DefaultEventLoopGroupProvider {

        private final EventLoopGroup loops;

        Shared(EventLoopGroup loops) {
            super(Runtime.getRuntime().availableProcessors());
            this.loops = loops;
        }

        /** Where the driver wants another kind of transport than the server has, it gets threads of its own. */
        @Override
        public <T extends EventLoopGroup> T allocate(Class<T> type) {
            return type.isInstance(loops) ? type.cast(loops) : super.allocate(type);
        }

        /** The loops are the server's, which ends them. */
        @Override
        public Promise<Boolean> release(EventExecutorGroup group, long quiet, long timeout, TimeUnit unit) {
            return group.equals(loops)
                    ? new DefaultPromise<Boolean>(ImmediateEventExecutor.INSTANCE).setSuccess(true)
                    : super.release(group, quiet, timeout, unit);
        }
    }
}
