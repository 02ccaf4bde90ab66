package io.waybill.standalone;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of jars with a class loader of its own, which sees the JDK and nothing of the launcher or of other folders.
 * On one class path the applications would change each other: Spring Boot configures what it finds there.
 */
final class IsolatedJars {

    private final ClassLoader loader;

    private IsolatedJars(ClassLoader loader) {
        this.loader = loader;
    }

    static IsolatedJars in(Path folder) {
        try (var files = Files.list(folder)) {
            var urls = new ArrayList<URL>();
            urls.add(url(folder));
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList()) {
                urls.add(url(jar));
            }
            return new IsolatedJars(new URLClassLoader(
                    String.valueOf(folder.getFileName()),
                    urls.toArray(URL[]::new),
                    ClassLoader.getPlatformClassLoader()));
        } catch (IOException e) {
            throw new StartException("The jars of %s are missing: build Waybill again.".formatted(folder), e);
        }
    }

    /** Calls the class's {@code public static start(String...)}, which returns when the application is ready. */
    AutoCloseable start(String mainClass, List<String> arguments) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            var start = loader.loadClass(mainClass).getMethod("start", String[].class);
            return (AutoCloseable) start.invoke(null, (Object) arguments.toArray(String[]::new));
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }
}
