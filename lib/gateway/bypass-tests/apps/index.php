<?php
// The backend of lighttpd and Apache, by FastCGI: it reads variables as PHP frameworks do.
$watched = ['X_GATEWRIGHT_CLIENT_ID', 'X_GATEWRIGHT_SUBJECT', 'X_GATEWRIGHT_SCOPES', 'X_ADMIN', 'CLIENT_IP', 'TRUE_CLIENT_IP', 'X_CLIENT_IP',
    'X_REAL_IP', 'X_FORWARDED_FOR', 'FORWARDED', 'X_FORWARDED_HOST', 'PROXY', 'CLIENT_CERT', 'X_CLIENT_CERT', 'SSL_CLIENT_CERT',
    'X_SSL_CLIENT_VERIFY', 'REMOTE_USER', 'X_REMOTE_USER', 'AUTH_TYPE', 'X_SCHEME'];
$get = fn (string $name): string => (string) ($_SERVER['HTTP_' . $name] ?? '');
$method = $_SERVER['REQUEST_METHOD'];
$path = rawurldecode(explode('?', $_SERVER['REQUEST_URI'], 2)[0]);
foreach (['X_ORIGINAL_URL', 'X_REWRITE_URL', 'X_ORIGINAL_URI', 'X_FORWARDED_URI', 'PATH_INFO', 'REQUEST_URI'] as $name) {
    if (str_starts_with($get($name), '/')) $path = $get($name);
}
foreach (['X_SCRIPT_NAME', 'X_FORWARDED_PREFIX'] as $name) {
    $prefix = $get($name);
    if ($prefix !== '' && str_starts_with($path, $prefix)) $path = substr($path, strlen($prefix)) ?: '/';
}
foreach (['X_HTTP_METHOD_OVERRIDE', 'X_HTTP_METHOD', 'X_METHOD_OVERRIDE'] as $name) $method = strtoupper($get($name) ?: $method);
$forged = array_filter($watched, fn (string $name): bool => str_contains($get($name), 'forged'));
foreach (['REMOTE_ADDR', 'REMOTE_USER', 'AUTH_TYPE', 'HTTPS', 'SSL_CLIENT_CERT', 'HTTP_PROXY'] as $name) {
    if (str_contains((string) ($_SERVER[$name] ?? ''), 'forged')) $forged[] = $name;
}
if (str_contains((string) getenv('HTTP_PROXY'), 'forged')) $forged[] = 'proxy';
$protected = preg_match('#^/(?:private|tasks|t/[^/]+/private)(?:/|$)#', $path)
    || (preg_match('#^/writes(?:/|$)#', $path) && !in_array($method, ['GET', 'HEAD', 'OPTIONS'], true))
    || (preg_match('#^/reads(?:/|$)#', $path) && in_array($method, ['GET', 'HEAD'], true))
    || (preg_match('#^/removals(?:/|$)#', $path) && $method === 'DELETE');
header('Content-Type: text/plain');
if (count($forged) === 0 && !($protected && $get('X_GATEWRIGHT_CLIENT_ID') !== 'shop')) {
    echo $protected ? 'granted' : 'public';
    return;
}
$what = getenv('VIOLATION') . " ran $method $path " . implode(',', $forged);
file_put_contents(getenv('VIOLATIONS'), $what . "\n", FILE_APPEND);
echo $what;
