exports.verify = function verify(_request, response, _context, _events, next) {
  const isOk = response.statusCode === 200 && JSON.parse(response.body).status === 'ok';
  return next(isOk ? undefined : new Error('not ok'));
};
