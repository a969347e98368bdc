# A Rack application in Puma: it reads variables as Rack's middleware does.
WATCHED = %w[X_GATEWRIGHT_CLIENT_ID X_GATEWRIGHT_SUBJECT X_GATEWRIGHT_SCOPES X_ADMIN CLIENT_IP TRUE_CLIENT_IP X_CLIENT_IP X_REAL_IP
             X_FORWARDED_FOR FORWARDED X_FORWARDED_HOST PROXY CLIENT_CERT X_CLIENT_CERT SSL_CLIENT_CERT X_SSL_CLIENT_VERIFY
             REMOTE_USER X_REMOTE_USER AUTH_TYPE X_SCHEME].freeze
PATHS = %w[X_ORIGINAL_URL X_REWRITE_URL X_ORIGINAL_URI X_FORWARDED_URI PATH_INFO REQUEST_URI].freeze

bind "tcp://127.0.0.1:#{ENV.fetch('APP_PORT')}"
threads 4, 16
environment "production"
log_requests false
first_data_timeout 30
persistent_timeout 120
app do |env|
  get = ->(name) { env["HTTP_#{name}"].to_s }
  method = env["REQUEST_METHOD"]
  path = env["PATH_INFO"].to_s.gsub(/%([0-9a-fA-F]{2})/) { $1.hex.chr }.b
  PATHS.each { |name| path = get.(name) if get.(name).start_with?("/") }
  %w[X_SCRIPT_NAME X_FORWARDED_PREFIX].each do |name|
    prefix = get.(name)
    path = path.delete_prefix(prefix) if prefix != "" && path.start_with?(prefix)
  end
  path = "/" if path == ""
  %w[X_HTTP_METHOD_OVERRIDE X_HTTP_METHOD X_METHOD_OVERRIDE].each { |name| method = get.(name).upcase if get.(name) != "" }
  forged = WATCHED.select { |name| get.(name).include?("forged") }
  forged += %w[REMOTE_ADDR REMOTE_USER SCRIPT_NAME SERVER_NAME rack.url_scheme].select { |name| env[name].to_s.include?("forged") }
  protected = path.match?(%r{\A/(?:private|tasks|t/[^/]+/private)(?:/|\z)}) ||
              (path.match?(%r{\A/writes(?:/|\z)}) && !%w[GET HEAD OPTIONS].include?(method)) ||
              (path.match?(%r{\A/reads(?:/|\z)}) && %w[GET HEAD].include?(method)) ||
              (path.match?(%r{\A/removals(?:/|\z)}) && method == "DELETE")
  text = protected ? "granted" : "public"
  unless forged.empty? && !(protected && get.("X_GATEWRIGHT_CLIENT_ID") != "shop")
    text = "#{ENV.fetch('VIOLATION')} ran #{method} #{path} #{forged.join(',')}"
    File.open(ENV.fetch("VIOLATIONS"), "ab") { |file| file.write("#{text}\n") }
  end
  [200, { "content-type" => "text/plain", "content-length" => text.bytesize.to_s }, [text]]
end
